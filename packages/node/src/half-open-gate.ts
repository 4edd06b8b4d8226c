import { isIPv4, isIPv6 } from 'node:net';
import { UsageError } from '@typewire/frame';

/** How many handshakes may be under way at once. */
export interface HalfOpenLimits {
  /** From one address; of IPv6, from one /64, which is what one customer is given. @default 32 */
  maxHalfOpenPerAddress?: number;
  /** In all. @default 1_024 */
  maxHalfOpen?: number;
}

export const halfOpenDefaults: Required<HalfOpenLimits> = { maxHalfOpenPerAddress: 32, maxHalfOpen: 1_024 };

/** Counts handshakes that are under way. Share one between listeners to limit the whole process. */
export class HalfOpenGate {
  readonly #limits: Required<HalfOpenLimits>;
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(limits: HalfOpenLimits = {}) {
    const { maxHalfOpenPerAddress, maxHalfOpen } = { ...halfOpenDefaults, ...limits };
    this.#limits = { maxHalfOpenPerAddress, maxHalfOpen };
    for (const [name, limit] of Object.entries(this.#limits)) {
      if (!(limit >= 1)) throw new UsageError('BAD_OPTION', `${name} must be at least 1`);
    }
  }

  /** How many are under way. */
  get size(): number {
    return this.#total;
  }

  /** Lets one more in and returns what ends it, to be called any number of times, or `null` when there are too many. */
  enter(remoteAddress: string | undefined): (() => void) | null {
    const key = addressKey(remoteAddress ?? '');
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limits.maxHalfOpenPerAddress || this.#total >= this.#limits.maxHalfOpen) return null;
    this.#counts.set(key, count + 1);
    this.#total++;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#leave(key);
    };
  }

  #leave(key: string): void {
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
    this.#total--;
  }
}

/** What one attacker cannot change cheaply: the IPv4 address, or the first four groups of an IPv6 one. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [text = ''] = address.toLowerCase().split('%'); // the zone of a link-local address
  if (!isIPv6(text)) return text;
  const mapped = text.startsWith('::ffff:') ? text.slice(7) : '';
  if (isIPv4(mapped)) return mapped;
  const [front = '', back] = text.split('::');
  const head = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  // An IPv4 address at the end stands for two groups.
  const tailLength = tail.length + (tail.at(-1)?.includes('.') ? 1 : 0);
  const zeros = back === undefined ? 0 : Math.max(8 - head.length - tailLength, 0);
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
