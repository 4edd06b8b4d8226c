import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { clientText, RawClient, serverText, upgradeText } from '../raw-client.ts';

export interface TargetPorts {
  /** A listener with the limits everybody gets. */
  readonly usual: number;
  /** The same, but for as many handshakes at a time as the attacks need. */
  readonly strict: number;
  /** One without limits on fragments and control frames, and with wide ones on heads. */
  readonly lenient: number;
  /** One that compresses, with context takeover, without a limit on fragments and with wide ones on heads. */
  readonly compressing: number;
  /** One whose time limits are 300 ms, without a limit on fragments. */
  readonly hurried: number;
  /** One whose application never decides about a request. */
  readonly undecided: number;
  /** A mount on a `node:http` server. */
  readonly http: number;
  /** A server of draft-76. */
  readonly museum: number;
}

/** What is asked of the process: {@link Memory}, or the CPU that it has spent, in microseconds. */
export type TargetRequest = 'memory' | 'cpu';

/** What the process holds after a collection. */
export interface Memory {
  /** Objects and buffers. */
  readonly heldBytes: number;
  readonly bufferBytes: number;
  /** The most that ever was resident. */
  readonly peakBytes: number;
}

/** An echo server in a process of its own, and a well-behaved client that is connected all the while. */
export class Target {
  readonly ports: TargetPorts;
  readonly #child: ChildProcess;
  readonly #fair: RawClient;
  #asked = 0;

  private constructor(child: ChildProcess, ports: TargetPorts, fair: RawClient) {
    this.#child = child;
    this.ports = ports;
    this.#fair = fair;
  }

  static async start(): Promise<Target> {
    const child = fork(fileURLToPath(new URL('target.child.ts', import.meta.url)), {
      execArgv: ['--expose-gc', '--disable-proto=throw', '--conditions=@typewire/source', '--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [ports] = (await once(child, 'message')) as [TargetPorts];
    const fair = await RawClient.open(ports.strict);
    fair.write(upgradeText());
    await fair.until('\r\n\r\n');
    return new Target(child, ports, fair);
  }

  end(): void {
    this.#child.kill();
  }

  memory(): Promise<Memory> {
    return this.#ask('memory');
  }

  /** A connection whose handshake is done. */
  async connect(port = this.ports.strict, headers: Readonly<Record<string, string | null>> = {}): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.write(upgradeText({ Host: `127.0.0.1:${port}`, ...headers }));
    await client.until('\r\n\r\n');
    return client;
  }

  /** The process lives, and whoever was connected before is served. */
  async expectUnharmed(): Promise<void> {
    this.#asked++;
    this.#fair.write(clientText(`still here ${this.#asked}`));
    await this.#fair.until(serverText(`still here ${this.#asked}`));
    expect(this.#child.exitCode).toBeNull();
  }

  /**
   * `attack` with eight times as much costs the process eight times as much CPU, and not its square, which would be 64
   * times as much however often it is measured. A busy machine may show more than it is, three times over.
   */
  async expectLinear(attack: (size: number) => Promise<void>, size: number): Promise<void> {
    await attack(size);
    const factors: number[] = [];
    for (let count = 0; count < 4 && !factors.some((factor) => factor < 24); count++) {
      const [little, much] = [await this.#cpuOf(() => attack(size)), await this.#cpuOf(() => attack(8 * size))];
      factors.push(much / little);
    }
    expect(Math.min(...factors)).toBeLessThan(24);
  }

  /** In microseconds: the least of three, as anything may fall into one of them. */
  async #cpuOf(attack: () => Promise<void>): Promise<number> {
    const spent: number[] = [];
    for (let count = 0; count < 3; count++) {
      // What is collected now is not collected meanwhile.
      await this.memory();
      const before = await this.#ask<number>('cpu');
      await attack();
      spent.push((await this.#ask<number>('cpu')) - before);
    }
    return Math.min(...spent);
  }

  async #ask<Answer>(request: TargetRequest): Promise<Answer> {
    this.#child.send(request);
    const [answer] = (await once(this.#child, 'message')) as [Answer];
    return answer;
  }
}

/** Code of the Close frame at the end of what a server sent; `null` without one. */
export function closeCodeOf(received: string): number | null {
  const at = received.lastIndexOf('\x88');
  return at === -1 ? null : received.charCodeAt(at + 2) * 256 + received.charCodeAt(at + 3);
}

/** A masked frame whose mask of zeros leaves the payload as it is. */
export function maskedFrame(first: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  const length =
    bytes.length < 126
      ? Buffer.from([0x80 | bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([0xfe, bytes.length >> 8, bytes.length & 0xff])
        : Buffer.from(
            [0xff, 0, 0, 0, 0, bytes.length >> 24, bytes.length >> 16, bytes.length >> 8, bytes.length].map(
              (byte) => byte & 0xff,
            ),
          );
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), bytes]);
}
