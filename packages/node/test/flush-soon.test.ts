import { expect, it } from 'vitest';
import { flushSoon } from '../src/flush-soon.ts';
import { turn } from './socket-pair.ts';

it('flushes after the code that runs now, in the order of asking', async () => {
  const flushed: number[] = [];
  for (const id of [1, 2, 3]) flushSoon({ flush: () => flushed.push(id) });
  expect(flushed).toEqual([]);
  await turn();
  expect(flushed).toEqual([1, 2, 3]);
});

it('flushes what is asked for during a flush, too', async () => {
  const flushed: string[] = [];
  flushSoon({
    flush: () => {
      flushed.push('first');
      flushSoon({ flush: () => flushed.push('second') });
    },
  });
  await turn();
  expect(flushed).toEqual(['first', 'second']);
});
