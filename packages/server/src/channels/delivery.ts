import { UsageError } from '@typewire/core';

/**
 * What becomes of events for a subscriber whose connection takes no more: they wait up to `maxQueuedBytes`, and then
 *
 * - `block`: what waits is let go, and once there is room again it is read from the history; a gap where that is not whole.
 * - `drop-oldest`: the oldest go, and a gap with their number stands before the next event.
 * - `latest-per-key`: of events with one `key` only the newest waits; beyond the bound the oldest go, with a gap.
 * - `close`: the connection is closed with 4008; a client that comes back goes on as after `block`.
 */
export type Overflow = 'block' | 'drop-oldest' | 'latest-per-key' | 'close';

/** How the events of a channel reach those who follow it. */
export interface ChannelDelivery {
  readonly overflow: Overflow;
  /** Size of what may wait for one subscriber, in UTF-16 units, or bytes of what is binary. */
  readonly maxQueuedBytes: number;
  /** Events of one key within this time are replaced by the newest of them; 0 delivers each at once. */
  readonly conflateMs: number;
}

export interface DeliveryOptions<Event> {
  /**
   * What becomes of events for a subscriber that reads too slowly, see {@link Overflow}. The others are never held up.
   * `block` is the default because it loses nothing that the history can give, and costs nobody else. @default 'block'
   */
  readonly overflow?: Overflow;
  /** Size of the events that may wait for one slow subscriber, in UTF-16 units. @default 262_144 */
  readonly maxQueuedBytes?: number;
  /**
   * What an event replaces: the event before with the same key, for `latest-per-key` and `conflateMs`. At most 255
   * UTF-16 units. What it throws fails the publication.
   */
  readonly key?: (event: Event) => string;
  /**
   * Gathers events for this many milliseconds, and delivers of each key the newest. The history keeps them all.
   * @default 0, each event is delivered at once
   */
  readonly conflateMs?: number;
}

export const plainDelivery: ChannelDelivery = { overflow: 'block', maxQueuedBytes: 262_144, conflateMs: 0 };

const overflows: ReadonlySet<unknown> = new Set<Overflow>(['block', 'drop-oldest', 'latest-per-key', 'close']);

/** @throws {UsageError} `BAD_OPTION` */
export function readDelivery({ overflow, maxQueuedBytes, conflateMs, key }: DeliveryOptions<never>): ChannelDelivery {
  const delivery = {
    overflow: overflow ?? plainDelivery.overflow,
    maxQueuedBytes: maxQueuedBytes ?? plainDelivery.maxQueuedBytes,
    conflateMs: conflateMs ?? plainDelivery.conflateMs,
  };
  if (!overflows.has(delivery.overflow)) throw bad(`overflow is one of ${[...overflows].join(', ')}`, overflow);
  for (const name of ['maxQueuedBytes', 'conflateMs'] as const) {
    const value: unknown = delivery[name];
    if (typeof value !== 'number' || !(value >= 0)) throw bad(`${name} is a number of at least 0`, value);
  }
  if (key !== undefined && typeof key !== 'function') throw bad('key is a function of the event', key);
  const needsKey = delivery.overflow === 'latest-per-key' || delivery.conflateMs > 0;
  if (needsKey && key === undefined) throw bad("overflow: 'latest-per-key' and conflateMs need the option key", key);
  return delivery;
}

function bad(text: string, value: unknown): UsageError {
  return new UsageError('BAD_OPTION', `${text}: ${String(value)}`);
}
