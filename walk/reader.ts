import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Step } from './page.ts';
import { Terminal } from './terminal.ts';

/** The port on every page. Another one takes its place, because on the machine of a test it may be taken. */
const portOnPages = 3000;

/** Follows the steps of a page in a folder that is empty at first, as they stand there. */
export class Reader {
  readonly port: number;
  readonly #npmrc: string;
  #folder: string;
  readonly #terminals: Terminal[] = [];

  constructor(folder: string, npmrc: string, port: number) {
    this.#folder = folder;
    this.#npmrc = npmrc;
    this.port = port;
  }

  static async create(folder: string, npmrc: string): Promise<Reader> {
    await mkdir(folder, { recursive: true });
    return new Reader(folder, npmrc, await freePort());
  }

  async follow(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      try {
        if (step.kind === 'write') await this.write(step.path, step.text);
        else if (step.kind === 'start') this.#terminals.push(await this.#start(step.command));
        else await this.run(step.command);
      } catch (error) {
        throw new Error(`line ${step.line} of the page: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  /** The terminal that stays open in which this command was started. */
  terminal(command: RegExp): Terminal {
    const found = this.#terminals.findLast((terminal) => command.test(terminal.command));
    if (found === undefined) throw new Error(`nothing like ${command} was started`);
    return found;
  }

  /** Ends a command with Ctrl+C, as far as it is concerned, and starts it again. */
  async restart(command: RegExp): Promise<void> {
    const terminal = this.terminal(command);
    await terminal.close();
    this.#terminals.push(await this.#start(terminal.command));
  }

  async leave(): Promise<void> {
    await Promise.all(this.#terminals.map((terminal) => terminal.close()));
  }

  async run(command: string): Promise<void> {
    const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
    if (folder !== undefined) {
      this.#folder = join(this.#folder, folder);
      return;
    }
    await writeFile(join(this.#folder, '.npmrc'), this.#npmrc);
    const terminal = new Terminal(this.#folder, this.#onItsPort(command));
    try {
      await terminal.finish();
    } finally {
      await terminal.close();
    }
  }

  async #start(command: string): Promise<Terminal> {
    return new Terminal(this.#folder, this.#onItsPort(command));
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.#folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, this.#onItsPort(text));
  }

  #onItsPort(text: string): string {
    return text.replaceAll(String(portOnPages), String(this.port));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
