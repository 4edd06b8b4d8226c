/** What has bytes to write once the current work is done. */
export interface Flushable {
  flush(): void;
}

let waiting: Flushable[] = [];

/** Calls `item.flush` after the code that runs now; one callback serves all connections. */
export function flushSoon(item: Flushable): void {
  if (waiting.push(item) === 1) process.nextTick(flushAll);
}

function flushAll(): void {
  const items = waiting;
  waiting = [];
  for (const item of items) item.flush();
}
