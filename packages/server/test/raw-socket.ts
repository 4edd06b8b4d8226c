import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection on which a test says exactly what it wants, byte by byte. */
export class RawSocket {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);

  readonly #host: string;

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  /** Asks for an upgrade and gives the status line's number. */
  async upgrade(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const lines = Object.entries({
      Host: this.#host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': 'typewire.v1',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    await this.until((bytes) => bytes.includes('\r\n\r\n'));
    const status = Number(this.#received.toString('latin1').split(' ')[1]);
    this.#received = this.#received.subarray(this.#received.indexOf('\r\n\r\n') + 4);
    return status;
  }

  /** Sends one masked frame; `first` is its first byte. */
  send(first: number, payload: string | Buffer): void {
    const data = Buffer.from(payload);
    const length = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 0xff];
    // A mask of zeros leaves the payload as it is.
    this.socket.write(Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), data]));
  }

  /** The code of the close frame the server sends; `null` when it ends without one. */
  async closeCode(): Promise<number | null> {
    const find = (bytes: Buffer): number => {
      for (let at = 0; at + 1 < bytes.length; ) {
        const [first, short] = [bytes[at] as number, bytes[at + 1] as number];
        if (first === 0x88) return at;
        at += 2 + (short < 126 ? short : 2 + bytes.readUInt16BE(at + 2));
      }
      return -1;
    };
    await this.until((bytes) => this.socket.closed || find(bytes) !== -1);
    const at = find(this.#received);
    return at === -1 ? null : this.#received.readUInt16BE(at + 2);
  }

  async until(done: (received: Buffer) => boolean): Promise<void> {
    while (!done(this.#received)) {
      if (this.socket.closed) throw new Error(`the server ended after ${this.#received.length} bytes`);
      const waiting = new AbortController();
      const happened = ['data', 'close'].map((event) => once(this.socket, event, { signal: waiting.signal }));
      await Promise.race(happened);
      waiting.abort();
      await Promise.allSettled(happened);
    }
  }
}
