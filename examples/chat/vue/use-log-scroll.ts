import { onMounted, onScopeDispose, type Ref, ref, type ShallowRef, watch } from 'vue';
import type { Row } from '../client/rows.ts';
import { LogScroll } from '../client/view/log-scroll.ts';

export interface UsedLogScroll {
  /** How many messages came below what is read. */
  readonly unread: Readonly<Ref<number>>;
  readonly toEnd: () => void;
}

/** Follows the latest of the rows, unless somebody has scrolled up to read. */
export function useLogScroll(
  log: Readonly<ShallowRef<HTMLElement | null>>,
  rows: Readonly<Ref<readonly Row[]>>,
): UsedLogScroll {
  const unread = ref(0);
  let scroll: LogScroll | null = null;

  onMounted(() => {
    if (log.value === null) return;
    scroll = new LogScroll(log.value, (count) => {
      unread.value = count;
    });
    scroll.shown(rows.value);
  });
  watch(rows, (shown) => scroll?.shown(shown), { flush: 'post' });
  onScopeDispose(() => scroll?.close());

  return { unread, toEnd: () => scroll?.toEnd() };
}
