import { type ChildProcess, spawn } from 'node:child_process';
import type { ChildReply, ChildRequest } from './messages.ts';

type ReplyOf<Type extends ChildReply['type']> = Extract<ChildReply, { type: Type }>;

/** Long enough for the slowest peer's round on a busy machine. */
const replyTimeoutMs = 120_000;

const running = new Set<ChildProcess>();

// Runs on every way out that JavaScript can see: the end of the program, an error, `process.exit`.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** The bench's end of one child process. */
export class BenchChild {
  readonly #name: string;
  readonly #process: ChildProcess;

  constructor(
    name: string,
    file: string,
    core: number | null,
    runtime = process.execPath,
    env: Readonly<Record<string, string>> = {},
  ) {
    const program = [runtime, file];
    const [command = '', ...words] = core === null ? program : ['taskset', '-c', String(core), ...program];
    this.#name = name;
    this.#process = spawn(command, words, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '', WS_NO_BUFFER_UTIL: '1', ...env },
    });
    running.add(this.#process);
    this.#process.once('exit', () => running.delete(this.#process));
  }

  /** One at a time: ask again only after the last answer. */
  ask<Type extends ChildReply['type']>(request: ChildRequest, expected: Type): Promise<ReplyOf<Type>> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        finish();
      };
      const fail = (reason: string) => settle(() => reject(new Error(`${this.#name}: ${reason}`)));
      const onMessage = (reply: ChildReply) => {
        if (isReply(reply, expected)) settle(() => resolve(reply));
        else fail(reply.type === 'failed' ? reply.reason : `answered ${reply.type} to ${request.type}`);
      };
      const onExit = () => fail(`ended during ${request.type}`);
      const onError = (error: Error) => fail(error.message);
      const timer = setTimeout(() => fail(`no answer to ${request.type} in ${replyTimeoutMs} ms`), replyTimeoutMs);
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
      if (child.connected) child.send(request);
      else fail('has ended');
    });
  }

  /** Resolves when the process is gone. */
  async end(): Promise<void> {
    const child = this.#process;
    if (!running.has(child)) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  }
}

function isReply<Type extends ChildReply['type']>(reply: ChildReply, type: Type): reply is ReplyOf<Type> {
  return reply.type === type;
}
