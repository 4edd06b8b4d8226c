import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Row } from '../client/rows.ts';
import { LogScroll } from '../client/view/log-scroll.ts';

export interface UsedLogScroll {
  readonly log: RefObject<HTMLElement | null>;
  /** How many messages came below what is read. */
  readonly unread: number;
  readonly toEnd: () => void;
}

/** Follows the latest of the rows, unless somebody has scrolled up to read. */
export function useLogScroll(rows: readonly Row[]): UsedLogScroll {
  const log = useRef<HTMLElement>(null);
  const scroll = useRef<LogScroll | null>(null);
  const [unread, setUnread] = useState(0);

  useLayoutEffect(() => {
    if (log.current === null) return;
    const following = new LogScroll(log.current, setUnread);
    scroll.current = following;
    return () => following.close();
  }, []);

  useLayoutEffect(() => scroll.current?.shown(rows), [rows]);

  return { log, unread, toEnd: () => scroll.current?.toEnd() };
}
