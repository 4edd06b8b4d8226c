import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { StallWatch } from '../src/stall-watch.ts';

/** A stream that takes a write only when it is told to. */
function slowStream(): { stream: Duplex; take: () => void } {
  let done = (): void => {};
  const stream = new Duplex({
    read() {},
    write(_, __, callback) {
      done = callback;
    },
  });
  return { stream, take: () => done() };
}

it('notices when nothing is taken for the whole timeout', () => {
  const { stream } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('waiting');
  watch.begin(0, 7);
  expect([250, 500, 750, 999].map((nowMs) => watch.look(nowMs, 7))).toEqual([false, false, false, false]);
  expect(watch.look(1_250, 7)).toBe(true);
});

it('begins anew when something was taken', () => {
  const { stream, take } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('first');
  stream.write('second');
  watch.begin(0, 11);
  take();
  expect(watch.look(900, 11)).toBe(false);
  expect(watch.look(1_800, 11)).toBe(false);
  expect(watch.look(2_100, 11)).toBe(true);
});

it('is not fooled by more being written', () => {
  const { stream } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('first');
  watch.begin(0, 5);
  stream.write('second');
  expect(watch.look(1_000, 11)).toBe(true);
});

it('rests when nothing waits', () => {
  const { stream, take } = slowStream();
  const watch = new StallWatch(stream, 1_000);
  stream.write('all');
  watch.begin(0, 3);
  take();
  expect(watch.look(250, 3)).toBe(false);
  expect(watch.deadlineMs).toBe(Number.POSITIVE_INFINITY);
});
