import type { Row } from '../rows.ts';

/** Distance from the end, in pixels, that still counts as reading the latest. */
const NEAR_END_PX = 60;

/** Follows the latest message, unless somebody has scrolled up to read: then it counts what came below. */
export class LogScroll {
  readonly #log: HTMLElement;
  readonly #onUnread: (count: number) => void;
  readonly #listening: AbortController = new AbortController();
  readonly #sizes: ResizeObserver;
  #known: ReadonlySet<string> = new Set();
  #followsEnd = true;
  #unread = 0;

  constructor(log: HTMLElement, onUnread: (count: number) => void) {
    this.#log = log;
    this.#onUnread = onUnread;
    log.addEventListener('scroll', () => this.#scrolled(), { passive: true, signal: this.#listening.signal });
    // The window, a phone's keyboard or a growing composer may take height away.
    this.#sizes = new ResizeObserver(() => {
      if (this.#followsEnd) this.toEnd();
    });
    this.#sizes.observe(log);
  }

  /** Begins anew, with another room. */
  reset(): void {
    this.#known = new Set();
    this.toEnd();
  }

  /** To be called when these rows are on the screen. */
  shown(rows: readonly Row[]): void {
    const added = rows.filter((row) => row.type === 'message' && !this.#known.has(row.key));
    this.#known = new Set(rows.map(({ key }) => key));
    const hasOwn = added.some((row) => row.type === 'message' && row.isOwn && row.state === 'sending');
    if (this.#followsEnd || hasOwn) this.toEnd();
    else this.#countUnread(this.#unread + added.length);
  }

  toEnd(): void {
    this.#followsEnd = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#countUnread(0);
  }

  /** Does nothing any more. */
  close(): void {
    this.#listening.abort();
    this.#sizes.disconnect();
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#followsEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#followsEnd) this.#countUnread(0);
  }

  #countUnread(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    this.#onUnread(count);
  }
}

/** What stands on the way to them; empty when there are none. */
export function describeUnread(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '1 new message' : `${count} new messages`;
}
