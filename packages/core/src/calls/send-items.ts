import type { ItemFlow } from './item-flow.ts';
import type { ItemPace } from './item-pace.ts';

/** How long a producer that is left may take to stop, in milliseconds. After it nobody waits any more. */
const LONGEST_LEAVE_MS = 10_000;

/**
 * Hands items to `send` as fast as the reader's credit and the connection allow: the producer is asked for an item only
 * when there is credit for it, so a slow reader slows it down and nothing piles up in between. When nobody waits any more
 * the producer is left at once, also one that has not given the item it was asked for. Resolves when the items have ended,
 * or when they are not wanted any more and the producer has stopped or had 10 s to, and says which; rejects with what the
 * producer or `send` threw.
 */
export function sendItems(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
  flow: ItemFlow,
  pace: ItemPace,
  send: (value: unknown) => void | PromiseLike<void>,
): Promise<'ended' | 'over'> {
  return new Promise((resolve, reject) => {
    const iterator = iterate(iterable);
    let isAsking = false;
    let left: Promise<void> | null = null;
    const leave = (): Promise<void> => {
      left ??= leaveInTime(iterator, pace);
      return left;
    };
    const stop = (): void => {
      // A generator cannot be left by what it runs itself.
      if (!isAsking) leave().then(() => resolve('over'), reject);
    };
    const run = async (): Promise<'ended' | 'over'> => {
      try {
        while (await mayGoOn(flow, pace)) {
          isAsking = true;
          const asked = iterator.next();
          isAsking = false;
          if (flow.isOver) stop();
          const result = await asked;
          if (result.done === true) return 'ended';
          if (flow.isOver) break;
          flow.credit--;
          await send(result.value);
          pace.sent();
        }
      } catch (error) {
        await leave();
        throw error;
      }
      await leave();
      return 'over';
    };
    const forget = flow.whenOver(stop);
    run().then(resolve, reject).finally(forget);
  });
}

/** @throws {TypeError} for what is neither. */
function iterate(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncIterator<unknown, unknown> | Iterator<unknown, unknown> {
  const isAsync = Symbol.asyncIterator in iterable;
  return isAsync ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}

/**
 * Lets the producer run its `finally`; what it throws there has nobody left to tell. Resolves when it has stopped, or has
 * had the time to: a generator stops no sooner than what it waits for.
 */
function leaveInTime(
  iterator: AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>,
  pace: ItemPace,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = pace.setTimer(LONGEST_LEAVE_MS, resolve);
    const leave = async (): Promise<unknown> => iterator.return?.();
    leave()
      .catch(() => {})
      .finally(() => {
        cancel();
        resolve();
      });
  });
}

/** Waits for credit, and for its turn; `false` when the flow is over. */
async function mayGoOn(flow: ItemFlow, pace: ItemPace): Promise<boolean> {
  while (!flow.isOver) {
    if (flow.credit === 0) await credited(flow);
    else if (pace.isDue) await pace.rest();
    else return true;
  }
  return false;
}

/** Resolves when there is more credit, or the flow is over. */
async function credited(flow: ItemFlow): Promise<void> {
  let forget = (): void => {};
  await new Promise<void>((resolve) => {
    flow.onCredit = resolve;
    forget = flow.whenOver(resolve);
  });
  flow.onCredit = null;
  forget();
}
