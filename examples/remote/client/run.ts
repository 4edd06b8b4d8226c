import { type CallError, isCallError } from '@typewire/client';
import type { Command, Line } from '../shared/command.ts';
import type { Wire } from './wire.ts';

export type RunState = 'running' | 'done' | 'cancelled' | 'refused' | 'failed';

/** Lines that are kept of one run; of more the oldest go. */
const MAX_LINES = 2_000;

/** One command on its way, and what it has printed. */
export class Run {
  readonly device: string;
  readonly command: Command;
  readonly startedAt: Date = new Date();
  state: RunState = 'running';
  /** Why it did not end well: a code, and a text for people. */
  failure: { readonly code: string; readonly text: string } | null = null;
  endedAt: Date | null = null;
  /** Lines that have come, those that are not kept any more included. */
  lineCount: number = 0;
  readonly #cancel: AbortController = new AbortController();
  readonly #changed: () => void;
  #lines: Line[] = [];

  constructor(wire: Wire, device: string, command: Command, changed: () => void) {
    this.device = device;
    this.command = command;
    this.#changed = changed;
    void this.#follow(wire);
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** Breaks the stream off, and with it what runs on the device. */
  cancel(): void {
    this.#cancel.abort();
  }

  async #follow(wire: Wire): Promise<void> {
    const { device, command } = this;
    const { signal } = this.#cancel;
    try {
      for await (const line of wire.api.run.stream({ device, command }, { signal })) this.#add(line);
      this.#end('done', null);
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (signal.aborted) this.#end('cancelled', null);
      else this.#end(isRefusal(error) ? 'refused' : 'failed', { code: error.code, text: error.message });
    }
  }

  #add(line: Line): void {
    this.lineCount++;
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    this.#changed();
  }

  #end(state: RunState, failure: Run['failure']): void {
    this.state = state;
    this.failure = failure;
    this.endedAt = new Date();
    this.#changed();
  }
}

/** Somebody has decided so, the server or the device: asking again would bring the same answer. */
function isRefusal({ code }: CallError<string>): boolean {
  return ['FORBIDDEN', 'UNAUTHORIZED', 'BUSY', 'NOT_FOUND', 'INVALID_INPUT', 'OFFLINE'].includes(code);
}
