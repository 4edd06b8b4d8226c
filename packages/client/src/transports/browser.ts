import { CloseCode, type Connect, type SharedMessage, SUBPROTOCOL, type Transport, UsageError } from '@typewire/core';
import { cutReason } from '@typewire/core/internal';

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

  send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  sendShared(message: SharedMessage): void {
    this.send(message.text);
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

/** @throws {UsageError} `BAD_OPTION` for what is no address. */
export function resolveUrl(url: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    const resolved = new URL(url, base);
    if (resolved.protocol === 'http:') resolved.protocol = 'ws:';
    if (resolved.protocol === 'https:') resolved.protocol = 'wss:';
    resolved.hash = '';
    return resolved.href;
  } catch {
    throw new UsageError(
      'BAD_OPTION',
      `the url ${JSON.stringify(url)} is not an address, or relative outside of a page`,
    );
  }
}
