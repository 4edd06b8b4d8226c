import { setImmediate as turn } from 'node:timers/promises';

/** The writers here take a turn of the event loop for each item, readers ten. */
export async function slowly(): Promise<void> {
  for (let count = 0; count < 10; count++) await turn();
}
