import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ClosedEvent } from '@typewire/frame';
import { onTestFinished } from 'vitest';
import { type CreateConnectionOptions, createConnection, type WebSocketConnection } from '../src/connection.ts';

/** Two ends of one TCP connection on loopback; both are gone when the test is. */
export async function socketPair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'connect')])) as [[Socket], unknown];
  far.on('error', () => {});
  server.close();
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

/** A connection on one end; on the other a socket that does what the test says. */
export async function rawPair(
  options: Partial<CreateConnectionOptions> = {},
): Promise<{ connection: WebSocketConnection; near: Socket; far: Socket }> {
  const { near, far } = await socketPair();
  return { connection: createConnection(near, { role: 'server', protocol: '', ...options }), near, far };
}

/** A server's and a client's connection, talking to each other. */
export async function connectionPair(
  options: Partial<CreateConnectionOptions> = {},
): Promise<{ server: WebSocketConnection; client: WebSocketConnection; near: Socket; far: Socket }> {
  const { near, far } = await socketPair();
  return {
    server: createConnection(near, { protocol: '', ...options, role: 'server' }),
    client: createConnection(far, { protocol: '', ...options, role: 'client' }),
    near,
    far,
  };
}

/** Notes every message from now on; `take` waits until there are so many and returns them. */
export function inbox(connection: WebSocketConnection): { take(count: number): Promise<(string | Uint8Array)[]> } {
  const messages: (string | Uint8Array)[] = [];
  let wake = (): void => {};
  connection.on('message', (message) => {
    messages.push(message);
    wake();
  });
  return {
    async take(count) {
      while (messages.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return messages.splice(0, count);
    },
  };
}

export function whenClosed(connection: WebSocketConnection): Promise<ClosedEvent> {
  return new Promise((resolve) => connection.on('closed', resolve));
}

/** Collects what a raw socket receives; `take` waits for so many bytes, `rest` for the end. */
export class Received {
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake = (): void => {};

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    socket.on('end', end).on('close', end);
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.#ended) throw new Error(`ended with ${this.#bytes.toString('hex')}`);
      await this.#news();
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async rest(): Promise<Buffer> {
    while (!this.#ended) await this.#news();
    return this.#bytes;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** A short frame as a client sends it; the mask is all zeros, so the payload stays readable. */
export function clientFrame(opcode: number, payload: string | Uint8Array = '', fin = true): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

/** The next bytes a paused socket has, and no more. */
export async function nextChunk(socket: Socket): Promise<Buffer> {
  const chunk = once(socket, 'data');
  socket.resume();
  const [bytes] = (await chunk) as [Buffer];
  socket.pause();
  return bytes;
}

/** How much of the write under way the system has not taken yet. */
export function bytesUnderWay(socket: Socket): unknown {
  return Reflect.get(Reflect.get(socket, '_handle'), 'writeQueueSize');
}

/** The next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when `condition` holds; looked at after every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}
