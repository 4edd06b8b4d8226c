/**
 * What becomes of events for a subscriber whose connection takes no more: they wait up to `maxQueuedBytes`, and then
 *
 * - `block`: what waits is let go, and once there is room again it is read from the history; a gap where that is not whole.
 * - `drop-oldest`: the oldest go, and a gap with their number stands before the next event.
 * - `latest-per-key`: of events with one key only the newest waits; beyond the bound the oldest go, with a gap.
 * - `close`: the connection is closed with 4008; a client that comes back goes on as after `block`.
 */
export type Overflow = 'block' | 'drop-oldest' | 'latest-per-key' | 'close';

/** How the events of a channel reach those who follow it. */
export interface ChannelDelivery {
  readonly overflow: Overflow;
  /** Size of what may wait for one subscriber, in UTF-16 units. */
  readonly maxQueuedBytes: number;
  /** Events of one key within this time are replaced by the newest of them; 0 delivers each at once. */
  readonly conflateMs: number;
}

export const plainDelivery: ChannelDelivery = { overflow: 'block', maxQueuedBytes: 262_144, conflateMs: 0 };
