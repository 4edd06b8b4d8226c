import { SharedMessage, type Transport, type TransportClose, type TransportListener } from '@typewire/core';

/**
 * The other end of the transport contract: does what the messages of the end under test ask for. It runs wherever
 * the transport leads to, in another process too, and is driven by messages alone. Connections of one registry can
 * be asked how an earlier one ended.
 */
export class TransportPeers {
  readonly #closes: Map<string, TransportClose> = new Map();
  readonly #waiting: Map<string, (event: TransportClose) => void> = new Map();

  /** Give the returned listener what `transport` receives. */
  accept(transport: Transport): TransportListener {
    let name: string | null = null;
    return {
      message: (data) => {
        // Bytes come back as they are.
        if (typeof data !== 'string') return transport.send(new Uint8Array(data));
        const [command = '', first = '', ...rest] = data.split(':');
        const text = [first, ...rest].join(':');
        switch (command) {
          case 'echo':
            return transport.send(text);
          case 'burst':
            for (let index = 0; index < Number(first); index++) transport.send(String(index));
            return;
          case 'shared': {
            const message = new SharedMessage(rest.join(':'));
            for (let index = 0; index < Number(first); index++) transport.sendShared(message);
            return;
          }
          case 'shared-bytes': {
            const message = new SharedMessage(Uint8Array.from(rest, Number));
            for (let index = 0; index < Number(first); index++) transport.sendShared(message);
            return;
          }
          case 'close':
            return transport.close(Number(first), rest.join(':'));
          case 'terminate':
            return transport.terminate();
          case 'remember':
            name = first;
            return transport.send('remembered');
          case 'recall':
            return this.#recall(first, ({ code, reason }) => transport.send(`${code}:${reason}`));
          default:
            return transport.send(`unknown command ${command}`);
        }
      },
      heard: () => {},
      closed: (event) => {
        if (name !== null) this.#remember(name, event);
      },
    };
  }

  #remember(name: string, event: TransportClose): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#closes.set(name, event);
    else waiting(event);
  }

  #recall(name: string, answer: (event: TransportClose) => void): void {
    const event = this.#closes.get(name);
    if (event === undefined) this.#waiting.set(name, answer);
    else answer(event);
  }
}
