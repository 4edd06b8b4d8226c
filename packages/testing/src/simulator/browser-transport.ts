import type { SharedMessage, Transport, TransportListener } from '@typewire/core';
import type { FrameTransport } from './frame-transport.ts';

/** A transport as a page's script has it: control frames are answered unseen, and reading cannot be stopped. */
export class BrowserTransport implements Transport {
  readonly #transport: FrameTransport;

  constructor(transport: FrameTransport) {
    this.#transport = transport;
  }

  get bufferedBytes(): number {
    return this.#transport.bufferedBytes;
  }

  listen(listener: TransportListener): void {
    this.#transport.listen({
      message: (data) => listener.message(data),
      heard: () => {},
      closed: (event) => listener.closed(event),
    });
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#transport.send(data);
  }

  sendShared(message: SharedMessage): void {
    this.#transport.sendShared(message);
  }

  close(code: number, reason: string): void {
    this.#transport.close(code, reason);
  }

  terminate(): void {
    this.#transport.terminate();
  }
}
