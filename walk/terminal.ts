import { type ChildProcess, spawn } from 'node:child_process';

/** Longest a command that ends by itself may take. */
const COMMAND_MS = 300_000;
/** Longest a command that stays may take to say what is waited for. */
const START_MS = 60_000;

const environment = {
  ...process.env,
  NODE_OPTIONS: '',
  // A newcomer says yes to "Ok to proceed?"; a program has nobody to ask.
  npm_config_yes: 'true',
  npm_config_loglevel: 'error',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  NO_COLOR: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
};

/** A shell in a folder with one command in it, and what that has said. */
export class Terminal {
  readonly command: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number>;
  #said = '';
  #onMore = () => {};

  constructor(folder: string, command: string) {
    this.command = command;
    // A group of its own, so that what npm and tsx start ends with them.
    this.#child = spawn(command, { cwd: folder, shell: true, detached: true, env: environment, stdio: 'pipe' });
    this.#exit = new Promise((resolve) => this.#child.on('close', (code) => resolve(code ?? -1)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
        this.#onMore();
      });
    }
    this.#child.stdin?.end();
  }

  get said(): string {
    return this.#said;
  }

  /** Resolves once the command has ended well. */
  async finish(): Promise<void> {
    const code = await this.#within(COMMAND_MS, this.#exit);
    if (code !== 0) throw new Error(`\`${this.command}\` ended with ${code}:\n${this.#said}`);
  }

  /** Resolves with the first group of `pattern` once the command has said it. */
  async says(pattern: RegExp): Promise<string> {
    const heard = new Promise<string>((resolve, reject) => {
      this.#onMore = () => {
        const match = pattern.exec(this.#said);
        if (match !== null) resolve(match[1] ?? match[0]);
      };
      this.#onMore();
      void this.#exit.then((code) => reject(new Error(`\`${this.command}\` ended with ${code}:\n${this.#said}`)));
    });
    return this.#within(START_MS, heard);
  }

  async close(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null) {
      try {
        process.kill(-this.#child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await this.#exit;
  }

  async #within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`\`${this.command}\` took more than ${ms} ms:\n${this.#said}`)), ms);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}
