/** What a client of the hand-written server, or of Bun's, asks for. An event is sent as it is. */
export type FanRequest = { subscribe: string } | { publish: number };

export interface FanAnswer {
  subscribed: string;
}
