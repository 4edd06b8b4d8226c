import type { Connect, Transport, TransportClose } from '@typewire/core';

/** One connection under test: what it was told, and promises for what it will be. */
export class TransportProbe {
  readonly transport: Transport;
  /** Everything the listener was told, in order. */
  readonly told: string[] = [];
  /** Text as it came; bytes as `bytes 1,2,3`. */
  readonly messages: string[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<TransportClose>;
  readonly ponged: Promise<void>;
  #waiting: Array<{ readonly count: number; readonly resolve: () => void }> = [];

  constructor(connect: Connect, url: string) {
    let open = (): void => {};
    let close = (_event: TransportClose): void => {};
    let pong = (): void => {};
    this.opened = new Promise((resolve) => {
      open = resolve;
    });
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    this.ponged = new Promise((resolve) => {
      pong = resolve;
    });
    this.transport = connect(url, {
      opened: () => {
        this.told.push('opened');
        open();
      },
      message: (data) => {
        this.told.push('message');
        this.messages.push(typeof data === 'string' ? data : `bytes ${data}`);
        this.#waiting = this.#waiting.filter(({ count, resolve }) => {
          if (this.messages.length < count) return true;
          resolve();
          return false;
        });
      },
      heard: (frame) => {
        if (frame === 'pong') pong();
      },
      closed: (event) => {
        this.told.push('closed');
        close(event);
      },
    });
  }

  /** Resolves with all messages once `count` have arrived; fails when the connection ends before. */
  async received(count: number): Promise<readonly string[]> {
    if (this.messages.length < count) {
      const arrived = new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
      const ended = this.closed.then(({ code }) => {
        throw new Error(`closed with ${code} after ${this.messages.length} of ${count} messages`);
      });
      await Promise.race([arrived, ended]);
    }
    return this.messages;
  }
}

/** An open connection. */
export async function openProbe(connect: Connect, url: string): Promise<TransportProbe> {
  const probe = new TransportProbe(connect, url);
  const refused = probe.closed.then(({ code, error }) => {
    throw new Error(`the connection closed with ${code} before it opened`, { cause: error });
  });
  await Promise.race([probe.opened, refused]);
  return probe;
}
