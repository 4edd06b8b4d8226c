/** What the bench asks of a server or a load. A child has one request in hand at a time. */
export type ChildRequest =
  | { type: 'start'; params: unknown; port: number }
  | { type: 'run'; messages: number }
  | { type: 'cpu' }
  | { type: 'collect' }
  | { type: 'stop' };

export type ChildReply =
  /** Answers `start`. A server names the port it listens on; a load repeats the one it connected to. */
  | { type: 'ready'; port: number }
  /** Answers `cpu`: processor time since the last time it was asked, and resident memory now. */
  | { type: 'cpu'; cpuUs: number; residentBytes: number }
  /** Answers `collect`: resident memory once the garbage is gone. */
  | { type: 'collected'; residentBytes: number }
  /** Answers `run`. */
  | { type: 'done'; messages: number; figures: Record<string, number> }
  /** Answers anything. The child ends itself right after. */
  | { type: 'failed'; reason: string };
