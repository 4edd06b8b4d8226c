import { expect, it } from 'vitest';
import { HandshakeQueue } from '../src/handshake-queue.ts';

/** Enters `names` for one address; notes who begins. */
function queueOf(...names: readonly string[]) {
  const queue = new HandshakeQueue();
  const begun: string[] = [];
  const leaves = names.map((name) => queue.enter('a 80', () => begun.push(name)));
  const leave = async (index: number): Promise<void> => {
    leaves[index]?.();
    await Promise.resolve();
  };
  return { queue, begun, leave };
}

it('lets one begin at a time, in the order in which they came', async () => {
  const { begun, leave } = queueOf('one', 'two', 'three');
  expect(begun).toEqual([]);
  await Promise.resolve();
  expect(begun).toEqual(['one']);
  await leave(0);
  expect(begun).toEqual(['one', 'two']);
  await leave(1);
  expect(begun).toEqual(['one', 'two', 'three']);
});

it('passes over who has left while waiting, or before its turn had begun', async () => {
  const { begun, leave } = queueOf('one', 'two', 'three', 'four');
  await leave(2);
  void leave(0);
  await leave(1);
  await Promise.resolve();
  expect(begun).toEqual(['one', 'four']);
});

it('counts each leaving once', async () => {
  const { begun, leave } = queueOf('one', 'two', 'three');
  await leave(0);
  await leave(0);
  expect(begun).toEqual(['two']);
});

it('has other addresses go on, and an address begin anew', async () => {
  const { queue, begun, leave } = queueOf('one');
  queue.enter('b 80', () => begun.push('other'));
  await Promise.resolve();
  expect(begun).toEqual(['one', 'other']);
  await leave(0);
  queue.enter('a 80', () => begun.push('again'));
  await leave(0);
  expect(begun).toEqual(['one', 'other', 'again']);
});

it('takes ten thousand that leave at once', async () => {
  const queue = new HandshakeQueue();
  let left = 0;
  const all = Array.from({ length: 10_000 }, () => {
    return new Promise<void>((resolve) => {
      const leave = queue.enter('a 80', () => {
        left++;
        leave();
        resolve();
      });
    });
  });
  await Promise.all(all);
  expect(left).toBe(10_000);
});
