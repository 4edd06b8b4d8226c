import type { IncomingCall } from '@typewire/core/internal';
import type { StreamPace } from './stream-pace.ts';

/** Where the items of a stream go. */
export interface StreamSink {
  item(value: unknown): void | PromiseLike<void>;
}

/**
 * Sends a stream's items as fast as the caller's credit and the connection allow, and stops when nobody waits: the producer is asked for
 * an item only when there is credit for it, so a slow reader slows it down and nothing piles up in between.
 * Resolves when the stream has ended or was aborted; rejects with what the producer threw.
 */
export async function runStream(
  iterable: AsyncIterable<unknown>,
  call: IncomingCall,
  sink: StreamSink,
  pace: StreamPace,
): Promise<void> {
  const iterator = iterable[Symbol.asyncIterator]();
  try {
    while (await mayGoOn(call, pace)) {
      const result = await iterator.next();
      if (result.done === true) return;
      if (call.abortReason !== null) break;
      call.credit--;
      await sink.item(result.value);
      pace.sent();
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

/** Waits for credit, and for its turn; `false` when the call is over. */
async function mayGoOn(call: IncomingCall, pace: StreamPace): Promise<boolean> {
  while (call.abortReason === null) {
    if (call.credit === 0) await credited(call);
    else if (pace.isDue) await pace.rest();
    else return true;
  }
  return false;
}

/** Resolves when there is more credit, or the call is over. */
async function credited(call: IncomingCall): Promise<void> {
  let forget = (): void => {};
  await new Promise<void>((resolve) => {
    call.onCredit = resolve;
    forget = call.whenAborted(() => resolve());
  });
  call.onCredit = null;
  forget();
}
