import { isCallError } from '@typewire/client';
import type { Wire } from './wire.ts';

/**
 * Reads a stream until `signal` fires. A stream ends with the connection it runs on; this opens it again, and the
 * call waits by itself until there is a next one.
 */
export async function follow<Item>(
  wire: Wire,
  open: () => AsyncIterable<Item>,
  onItem: (item: Item) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && wire.status.state !== 'closed') {
    try {
      for await (const item of open()) onItem(item);
      return;
    } catch (error) {
      if (!isCallError(error)) throw error;
      // The server itself has ended it: asking again would bring the same answer.
      if (error.delivery === 'answered') return;
    }
  }
}
