import type { IncomingCall } from '@typewire/core/internal';

/** Where the items of a stream go. */
export interface StreamSink {
  item(value: unknown): void | PromiseLike<void>;
}

/**
 * Sends a stream's items as fast as the caller's credit allows and stops when nobody waits: the producer is asked for
 * an item only when there is credit for it, so a slow reader slows it down and nothing piles up in between.
 * Resolves when the stream has ended or was aborted; rejects with what the producer threw.
 */
export async function runStream(iterable: AsyncIterable<unknown>, call: IncomingCall, sink: StreamSink): Promise<void> {
  const iterator = iterable[Symbol.asyncIterator]();
  try {
    while (await hasCredit(call)) {
      const result = await iterator.next();
      if (result.done === true) return;
      if (call.abortReason !== null) break;
      call.credit--;
      await sink.item(result.value);
    }
  } catch (error) {
    await leave(iterator);
    throw error;
  }
  await leave(iterator);
}

/** Lets the producer run its `finally`; what it throws there has nobody left to tell. */
async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The stream already has its outcome.
  }
}

/** Waits for credit; `false` when the call is over. */
async function hasCredit(call: IncomingCall): Promise<boolean> {
  while (call.credit === 0 && call.abortReason === null) {
    const before = call.onAbort;
    await new Promise<void>((resolve) => {
      call.onCredit = resolve;
      call.onAbort = (reason) => {
        before?.(reason);
        resolve();
      };
    });
    call.onCredit = null;
    call.onAbort = before;
  }
  return call.abortReason === null;
}
