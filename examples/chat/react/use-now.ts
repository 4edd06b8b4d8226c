import { useLayoutEffect, useState } from 'react';

/** The time in milliseconds, which goes on while it `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());

  useLayoutEffect(() => {
    if (!isRunning) return;
    const tick = (): void => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [isRunning]);

  return now;
}
