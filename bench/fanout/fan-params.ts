/** What a round does with its messages. */
export type FanParams =
  /** Each event goes to as many; the next are published when all have had the last: a message is one delivery. */
  | { measure: 'deliveries'; subscribers: number; eventsAtOnce: number }
  /** A message is one more connection with one subscription to the topic of all; nothing is published. */
  | { measure: 'connections' }
  /** A message is one more topic, of which each connection follows as many; nothing is published. */
  | { measure: 'topics'; perConnection: number };

/** The topic of all. */
export const everybody = 'everybody';
