import { useEffect, useRef, useState } from 'react';
import type { Section } from '../server/sections.ts';

/**
 * The newest story that the reader had seen when they went away, in this visit or the last: what stands above it is news. What
 * comes while they are here moves nothing.
 */
export function useAwayLine(section: Section, newest: string | null, status: string): string | null {
  const place = `newsroom last seen ${section}`;
  const [line, setLine] = useState(() => localStorage.getItem(place));
  const wasLive = useRef(false);

  useEffect(() => {
    if (status === 'live') wasLive.current = true;
    else if (wasLive.current) {
      wasLive.current = false;
      setLine(localStorage.getItem(place));
    }
  }, [status, place]);

  useEffect(() => {
    if (newest !== null) localStorage.setItem(place, newest);
  }, [newest, place]);

  return line;
}
