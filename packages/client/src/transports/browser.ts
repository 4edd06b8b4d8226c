import { CloseCode, type Connect, type SharedMessage, SUBPROTOCOL, type Transport } from '@typewire/core';
import { cutReason } from '@typewire/core/internal';
import { readAddress } from './address.ts';

/** Opens connections with the platform's own `WebSocket`: browsers, Bun, Deno, Workers. */
export const connect: Connect = (url, listener) => {
  const socket = new WebSocket(resolveUrl(url), SUBPROTOCOL);
  socket.binaryType = 'arraybuffer';
  let failed = false;
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    listener.message(typeof data === 'string' ? data : new Uint8Array(data));
  // The event says nothing by design; `close` always follows it.
  socket.onerror = () => {
    failed = true;
  };
  socket.onclose = ({ code, reason }) =>
    listener.closed(failed ? { code, reason, error: new Error('the WebSocket failed') } : { code, reason });
  return new BrowserTransport(socket);
};

class BrowserTransport implements Transport {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  sendShared(message: SharedMessage): void {
    this.send(message.data);
  }

  close(code: number, reason: string): void {
    // Scripts may send 1000 and 3000–4999 only (WHATWG WebSockets, `close`).
    const allowed = code === CloseCode.Done || (code >= 3_000 && code <= 4_999);
    this.#socket.close(allowed ? code : CloseCode.Done, cutReason(reason));
  }

  /** A browser has no way to drop a connection; it gives up the closing handshake by itself. */
  terminate(): void {
    this.close(CloseCode.HeartbeatMissed, '');
  }
}

/** @throws {UsageError} `BAD_OPTION` for what is no address of a WebSocket. */
export function resolveUrl(url: string): string {
  return readAddress(url, typeof location === 'undefined' ? undefined : location.href);
}
