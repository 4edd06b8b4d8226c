/** What server and load of one engine case agree on. */
export type EngineParams =
  /** Messages are sent and come back. */
  | EchoParams
  /** Connections are opened and closed again, so many at a time. */
  | { act: 'connect'; atOnce: number }
  /** A message to the server goes to everybody, and so many are sent at once. */
  | { act: 'broadcast'; payloadBytes: number; connections: number; messagesAtOnce: number }
  /** Connections are opened, send one message, get it back, and stay. */
  | { act: 'hold'; payloadBytes: number };

export interface EchoParams {
  act: 'echo';
  kind: 'text' | 'binary';
  payloadBytes: number;
  connections: number;
  /** Messages on their way on each connection at all times. */
  inFlightPerConnection: number;
}
