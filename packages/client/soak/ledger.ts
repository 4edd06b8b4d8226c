import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a client was told of its mutation: a result, or a code and how far the call got. */
export type Outcome = 'resolved' | { readonly code: string; readonly delivery: string };

/** One line of a ledger. A mutation is known by a number that no other has. */
export type Entry =
  | readonly ['called', mutation: number, hasKey: boolean]
  | readonly ['settled', mutation: number, outcome: Outcome]
  | readonly ['ran', mutation: number, server: number];

/** Notes what happened in a file, at once: what was noted by a process that is killed is still there. */
export class Ledger {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  note(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function readLedger(path: string): Entry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}
