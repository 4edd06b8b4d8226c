import type { ItemFlow } from './item-flow.ts';
import type { ItemPace } from './item-pace.ts';

/**
 * Hands items to `send` as fast as the reader's credit and the connection allow, and stops when nobody waits: the
 * producer is asked for an item only when there is credit for it, so a slow reader slows it down and nothing piles up
 * in between. Resolves when the items have ended or are not wanted any more, and says which; rejects with what the
 * producer or `send` threw.
 */
export async function sendItems(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
  flow: ItemFlow,
  pace: ItemPace,
  send: (value: unknown) => void | PromiseLike<void>,
): Promise<'ended' | 'over'> {
  const iterator = iterate(iterable);
  try {
    while (await mayGoOn(flow, pace)) {
      const result = await iterator.next();
      if (result.done === true) return 'ended';
      if (flow.isOver) break;
      flow.credit--;
      await send(result.value);
      pace.sent();
    }
  } catch (error) {
    await leave(iterator);
    throw error;
  }
  await leave(iterator);
  return 'over';
}

/** @throws {TypeError} for what is neither. */
function iterate(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncIterator<unknown, unknown> | Iterator<unknown, unknown> {
  const isAsync = Symbol.asyncIterator in iterable;
  return isAsync ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}

/** Lets the producer run its `finally`; what it throws there has nobody left to tell. */
async function leave(iterator: AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The items already have their outcome.
  }
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
