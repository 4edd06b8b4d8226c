/** What server and load of one engine case agree on. */
export interface EngineParams {
  /** `echo` sends messages and counts their return; `connect` opens, closes and waits for the end of connections. */
  act: 'echo' | 'connect';
  kind: 'text' | 'binary';
  payloadBytes: number;
  connections: number;
  /** Messages on their way on each connection at all times. */
  inFlightPerConnection: number;
}
