/** One sentence of a contract; `run` rejects when what is under test breaks it. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

/** A contract that is published brings its own comparison: it must not choose its users' test runner. */
export function equal(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`expected ${right?.slice(0, 300)}, got ${left?.slice(0, 300)}`);
}

export function isTrue(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
