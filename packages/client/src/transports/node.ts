import { type Connect, type SharedMessage, SUBPROTOCOL, type Transport } from '@typewire/core';
import { type ConnectOptions, checkConnectOptions, connect as open, type WebSocketConnection } from '@typewire/node';
import { readAddress } from './address.ts';

/** What `connect` of `@typewire/node` takes, but for what the client says itself. */
export type NodeTransportOptions = Omit<ConnectOptions, 'protocols' | 'signal'>;

/** Opens connections with the engine of `@typewire/node`. */
export const connect: Connect = (url, listener) => openWith({}, url, listener);

/**
 * Opens connections with the engine of `@typewire/node` and its options, such as `perMessageDeflate`, `headers` or `tls`:
 * `createClient({ url, connect: nodeTransport({ perMessageDeflate: true }) })`.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export function nodeTransport(options: NodeTransportOptions): Connect {
  checkConnectOptions(options);
  return (url, listener) => openWith(options, url, listener);
}

function openWith(options: NodeTransportOptions, ...[url, listener]: Parameters<Connect>): Transport {
  const abort = new AbortController();
  const transport = new NodeClientTransport(abort);
  open(resolveUrl(url), { ...options, protocols: [SUBPROTOCOL], signal: abort.signal }).then(
    (connection) => {
      // Given up when the handshake was done, and before this was told.
      if (transport.isGivenUp) return connection.terminate();
      connection.on('message', (data) => listener.message(data));
      connection.on('ping', () => listener.heard('ping'));
      connection.on('pong', () => listener.heard('pong'));
      connection.on('drain', () => listener.drained?.());
      connection.on('closed', ({ code, reason, clean, error }) =>
        // What went wrong behind the peer's own close is not why it closed.
        listener.closed(clean || error === undefined ? { code, reason } : { code, reason, error }),
      );
      transport.connection = connection;
      listener.opened();
    },
    (error: Error) => listener.closed({ code: 1006, reason: '', error }),
  );
  return transport;
}

class NodeClientTransport implements Transport {
  connection: WebSocketConnection | null = null;
  readonly #abort: AbortController;

  constructor(abort: AbortController) {
    this.#abort = abort;
  }

  get isGivenUp(): boolean {
    return this.#abort.signal.aborted;
  }

  get bufferedBytes(): number {
    return this.connection?.bufferedBytes ?? 0;
  }

  send(data: string | Uint8Array): void {
    this.connection?.send(data);
  }

  sendShared(message: SharedMessage): void {
    this.send(message.data);
  }

  ping(): void {
    this.connection?.ping();
  }

  close(code: number, reason: string): void {
    if (this.connection === null) this.#abort.abort();
    else this.connection.close(code, reason);
  }

  terminate(): void {
    if (this.connection === null) this.#abort.abort();
    else this.connection.terminate();
  }

  pause(): void {
    this.connection?.pause();
  }

  resume(): void {
    this.connection?.resume();
  }
}

/** @throws {UsageError} `BAD_OPTION` for what is no address of a WebSocket. */
export function resolveUrl(url: string): string {
  return readAddress(url, undefined);
}
