import { setTimeout as sleep } from 'node:timers/promises';

/** Takes its time: for watching output come, and for cancelling. */
export async function* count(
  { to, everyMs }: { readonly to: number; readonly everyMs: number },
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<string> {
  for (let number = 1; number <= to; number++) {
    await sleep(everyMs, undefined, { signal });
    yield `${number} of ${to}`;
  }
}
