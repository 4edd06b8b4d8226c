import { connect, type Socket } from 'node:net';

/** A TCP client that says exactly what it is told. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }

  /** Everything received so far, one character for each byte. */
  get received(): string {
    return this.#received;
  }

  write(...parts: readonly (string | Uint8Array)[]): void {
    this.socket.write(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    );
  }

  /** Sends each byte in a packet of its own. */
  async trickle(text: string): Promise<void> {
    for (const char of text) await new Promise((resolve) => this.socket.write(char, 'latin1', resolve));
  }

  /** Waits until `text` has been received. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) {
      if (this.socket.closed) throw new Error(`closed before ${JSON.stringify(text)}: ${this.#received}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.socket.off('data', wake).off('close', wake);
          resolve();
        };
        this.socket.once('data', wake).once('close', wake);
      });
    }
    return this.#received;
  }

  /** Waits for the end and returns everything received. */
  async untilClosed(): Promise<string> {
    await this.closed;
    return this.#received;
  }

  /** Cuts the connection with a reset, as a crashed machine or a hostile one does. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

const sampleHeaders: Readonly<Record<string, string>> = {
  Host: 'a.example',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

/** The accept value that answers the key of {@link upgradeText}. */
export const sampleAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** A good request, with headers replaced, or dropped by `null`. */
export function upgradeText(
  changes: Readonly<Record<string, string | null>> = {},
  startLine = 'GET / HTTP/1.1',
): string {
  const lines = Object.entries<string | null>({ ...sampleHeaders, ...changes })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`);
  return [startLine, ...lines, '', ''].join('\r\n');
}

/** A short text message as a client sends it; a masking key of zeros leaves the text readable. */
export function clientText(text: string): Uint8Array {
  return Uint8Array.from([0x81, 0x80 | text.length, 0, 0, 0, 0, ...Buffer.from(text)]);
}

/** A short text message as a server sends it, one character for each byte. */
export function serverText(text: string): string {
  return String.fromCharCode(0x81, text.length) + text;
}
