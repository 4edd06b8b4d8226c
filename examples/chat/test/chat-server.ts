import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/** The chat's server in a process of its own, which may be killed and started again on its port. */
export class ChatServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** Port 0 takes a free one. Resolves when the server says that it runs. */
  static async start(port = 0): Promise<ChatServer> {
    const options = ['--conditions=@typewire/source', '--import', 'tsx', main, '--port', String(port)];
    const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\S+/.exec(line)?.[0];
      if (url !== undefined) return new ChatServer(url, child);
    }
    throw new Error(`the server ended before it ran, with code ${child.exitCode}`);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** From now on it takes everything and answers nothing. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  /** Resolves with the exit code when the process is gone; `null` when a signal ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}
