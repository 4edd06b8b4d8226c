import type { Serializer } from '@typewire/core';
import { createSuperjsonSerializer } from '@typewire/core';
import { decodeValue } from '@typewire/core/internal';
import { type FakeEnvironment, fakeEnvironment, type MemoryPair, memoryPair, settled } from '@typewire/testing';
import type { Wire, WireError, WireSettings } from '../src/index.ts';

/** What a test needs to serve a router on a clock of its own and see the errors its hook was told. */
export interface Served {
  readonly environment: FakeEnvironment;
  readonly errors: WireError[];
  readonly settings: Required<Pick<WireSettings, 'environment' | 'onError'>>;
}

export function served(): Served {
  const environment = fakeEnvironment();
  const errors: WireError[] = [];
  return { environment, errors, settings: { environment, onError: (event) => errors.push(event) } };
}

type Fields = readonly unknown[];

/** A client that writes messages by hand, so that tests see the wire and can say what a real client never would. */
export class RawClient {
  readonly pair: MemoryPair = memoryPair();
  /** Everything received, batches taken apart. */
  readonly received: Fields[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  readonly #serializer: Serializer = createSuperjsonSerializer();

  constructor(wire: Wire) {
    this.pair.left.listen({
      message: (data) => {
        const parsed = JSON.parse(data as string) as Fields;
        const messages = Array.isArray(parsed[0]) ? (parsed as Fields[]) : [parsed];
        // Confirmations come by time and number; tests that look at them look at what was sent.
        this.received.push(...messages.filter(([type]) => type !== 3));
      },
      heard: () => {},
      closed: (event) => {
        this.closed = event;
      },
    });
    const request = { url: '/wire', headers: new Map(), remoteAddress: '127.0.0.1' };
    this.pair.right.listen(wire.accept(this.pair.right, request));
  }

  /** Sends a message, or text as it stands, and lets everything that follows from it happen. */
  async send(message: Fields | string): Promise<void> {
    this.pair.left.send(typeof message === 'string' ? message : JSON.stringify(message));
    await settled();
  }

  /** Says hello and forgets the welcome. */
  async open(...auth: unknown[]): Promise<this> {
    await this.send([1, 1, { control: false }, ...auth]);
    this.received.length = 0;
    return this;
  }

  /** The messages received since the last look. */
  take(): Fields[] {
    return this.received.splice(0);
  }

  /** The value a message carries from field `from` on. */
  value(message: Fields | undefined, from: number): unknown {
    return message === undefined ? undefined : decodeValue(this.#serializer, message, from);
  }
}

/** A client that has said hello to `wire`. */
export async function openClient(wire: Wire, ...auth: unknown[]): Promise<RawClient> {
  return new RawClient(wire).open(...auth);
}
