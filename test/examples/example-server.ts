import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ExampleServerOptions {
  /** Its `server/main.ts`. */
  readonly main: URL;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Further variables of its environment. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** The server of an example in a process of its own, which may be killed and started again on its port. */
export class ExampleServer {
  readonly url: string;
  /** What it has printed until it said that it runs. */
  readonly greeting: readonly string[];
  readonly #process: ChildProcess;

  private constructor(url: string, greeting: readonly string[], process: ChildProcess) {
    this.url = url;
    this.greeting = greeting;
    this.#process = process;
  }

  /** Resolves when the server prints the address it runs at. */
  static async start({ main, port = 0, env = {} }: ExampleServerOptions): Promise<ExampleServer> {
    const options = ['--conditions=@typewire/source', '--import', 'tsx', fileURLToPath(main), '--port', String(port)];
    const child = spawn(process.execPath, options, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const greeting: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      greeting.push(line);
      const url = /is running: (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) return new ExampleServer(url, greeting, child);
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
