import type { Figure } from './figure.ts';

/** One thing under comparison: a server program and the program that loads it. */
export interface Contender {
  name: string;
  /** Calls `runServer`. */
  serverFile: URL;
  /** Calls `runLoad`. Contenders may share it when they speak the same protocol. */
  loadFile: URL;
  /** What runs the server instead of this Node; `null` when it is not installed, and the contender sits out. */
  serverRuntime?: string | null;
}

export interface BenchCase {
  name: string;
  figure: Figure;
  /** Given to server and load alike; must survive JSON. */
  params: unknown;
  /** How many messages (calls, deliveries, connections) one round asks of each contender. `--quick` asks a quarter. */
  messagesPerRound: number;
  /**
   * Peer name to the least acceptable `theirs / ours`; `null` measures without a target. Peers not named
   * here sit the case out.
   */
  targets: Readonly<Record<string, number | null>>;
}

export interface Suite {
  name: string;
  /** The contender that is ours. The suite still measures the peers while it does not build. */
  ours: string;
  contenders: readonly Contender[];
  cases: readonly BenchCase[];
}
