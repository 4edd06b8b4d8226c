import type { Figure } from './figure.ts';

/** One thing under comparison: a server program and the program that loads it. */
export interface Contender {
  name: string;
  /** Calls `runServer`. */
  serverFile: URL;
  /** Calls `runLoad`. Contenders may share it when they speak the same protocol. */
  loadFile: URL;
  /** What runs the server instead of this Node. */
  serverRuntime?: string;
  /** Environment of the server beside that of the bench. */
  serverEnv?: Readonly<Record<string, string>>;
  /** A package that is not among the dependencies and not installed either: the contender sits out. */
  missing?: string;
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
  /** What ours may cost at most, in the figure's unit; it stands in the table beside the peers. */
  goal?: number;
}

export interface Suite {
  name: string;
  /** The contender that is ours. The suite still measures the peers while it does not build. */
  ours: string;
  contenders: readonly Contender[];
  cases: readonly BenchCase[];
}
