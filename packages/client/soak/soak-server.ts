import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerReply, ServerRequest, ServerState } from './server-messages.ts';

const file = fileURLToPath(new URL('server.child.ts', import.meta.url));
const execArgv = ['--expose-gc', '--conditions=@typewire/source', '--import', 'tsx'];

/** The soak's end of one server process. */
export class SoakServer {
  readonly number: number;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(number: number, port: number, child: ChildProcess) {
    this.number = number;
    this.port = port;
    this.#child = child;
  }

  static async start(number: number, ledger: string, report: (violation: string) => void): Promise<SoakServer> {
    const child = fork(file, [String(number), ledger], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (reply: ServerReply) => {
      if (reply.type === 'error') report(`server ${number} failed: ${reply.text}`);
    });
    const { port } = await answer(child, 'ready');
    return new SoakServer(number, port, child);
  }

  async state(): Promise<ServerState> {
    return (await this.#ask('state')).state;
  }

  /** Publishes nothing more; gives the number of the last event. */
  async quiet(): Promise<number> {
    return (await this.#ask('quiet')).seq;
  }

  /** Ends without a word to anybody. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Sends its clients away, and ends. */
  async drain(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.send({ type: 'drain' } satisfies ServerRequest);
    await gone;
  }

  #ask<Type extends 'state' | 'quiet'>(type: Type): Promise<ReplyOf<Type>> {
    const answered = answer(this.#child, type);
    this.#child.send({ type } satisfies ServerRequest);
    return answered;
  }
}

type ReplyOf<Type extends ServerReply['type']> = Extract<ServerReply, { type: Type }>;

function answer<Type extends ServerReply['type']>(child: ChildProcess, type: Type): Promise<ReplyOf<Type>> {
  return new Promise((resolve, reject) => {
    const onMessage = (reply: ServerReply): void => {
      if (reply.type !== type) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(reply as ReplyOf<Type>);
    };
    const onExit = (code: number | null): void =>
      reject(new Error(`a server ended with ${code} before it was ${type}`));
    child.on('message', onMessage).once('exit', onExit);
  });
}
