import type { SharedMessage, Transport, TransportListener } from '@typewire/core';
import { PreparedMessage, prepareMessage, type WebSocketConnection } from '@typewire/node';

/** A connection of the Node engine as the session sees it. */
export class NodeTransport implements Transport {
  readonly #connection: WebSocketConnection;

  constructor(connection: WebSocketConnection) {
    this.#connection = connection;
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  /** Passes on what the connection tells; call it before the current synchronous code ends. */
  listen(listener: TransportListener): void {
    this.#connection.on('message', (data) => listener.message(data));
    this.#connection.on('ping', () => listener.heard('ping'));
    this.#connection.on('pong', () => listener.heard('pong'));
    this.#connection.on('drain', () => listener.drained?.());
    this.#connection.on('closed', (event) => listener.closed(event));
  }

  send(data: string | Uint8Array): void {
    this.#connection.send(data);
  }

  sendShared(message: SharedMessage): void {
    if (!(message.prepared instanceof PreparedMessage)) message.prepared = prepareMessage(message.data);
    this.#connection.sendPrepared(message.prepared as PreparedMessage);
  }

  ping(): void {
    this.#connection.ping();
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  terminate(): void {
    this.#connection.terminate();
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }
}
