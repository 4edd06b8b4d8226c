import { expect, it } from 'vitest';
import { KeptResults } from '../src/idempotency/kept-results.ts';
import { idempotencyDefaults } from '../src/idempotency/limits.ts';
import { OwnedQueue } from '../src/idempotency/owned-queue.ts';
import { ownersOf } from '../src/idempotency/owner.ts';

const [ann] = ownersOf('ann', null, 's1');
const [bob] = ownersOf('bob', null, 's2');
const stranger = (name: string) => ownersOf(null, name, 's3')[0];

function queueOf(bounds: { max: number; maxPerOwner: number }) {
  const evicted: string[] = [];
  return { evicted, queue: new OwnedQueue<string>(bounds, (item) => evicted.push(item)) };
}

it('takes from an owner with too much its own oldest', () => {
  const { queue, evicted } = queueOf({ max: 10, maxPerOwner: 2 });
  queue.add('b1', bob, 1);
  for (const item of ['a1', 'a2', 'a3']) queue.add(item, ann, 1);

  expect(evicted).toEqual(['a1']);
  expect(queue.size).toBe(3);
});

it('takes from those nobody knows first when there is too much over all, then the oldest', () => {
  const { queue, evicted } = queueOf({ max: 3, maxPerOwner: 9 });
  queue.add('a1', ann, 1);
  queue.add('x1', stranger('x'), 1);
  queue.add('y1', stranger('y'), 1);
  queue.add('b1', bob, 1);
  queue.add('b2', bob, 1);
  queue.add('b3', bob, 1);

  expect(evicted).toEqual(['x1', 'y1', 'a1']);
});

it('counts by weight, and holds nothing that is too much alone', () => {
  const { queue, evicted } = queueOf({ max: 100, maxPerOwner: 50 });
  queue.add('a1', ann, 20);
  queue.add('a2', ann, 51);
  queue.add('a3', ann, 50);

  expect(evicted).toEqual(['a1', 'a2']);
  expect(queue.weight).toBe(50);
});

it('forgets owners that have nothing left', () => {
  const { queue } = queueOf({ max: 10, maxPerOwner: 2 });
  for (let round = 0; round < 10_000; round++) {
    queue.add(`x${round}`, stranger(`client ${round}`), 1);
    queue.delete(`x${round}`);
  }

  expect(queue.size).toBe(0);
  expect(queue.weight).toBe(0);
});

it('does not let 10,000 keys of one owner push out those of another', () => {
  const results = new KeptResults(idempotencyDefaults);
  results.keep('bob', bob, 'f', { code: null, value: ',1' }, 0);
  for (let key = 0; key < 10_000; key++) results.keep(`ann ${key}`, ann, 'f', { code: null, value: ',2' }, 0);

  expect(results.count).toBe(1_001);
  expect(results.find('bob', 1)?.outcome).toEqual({ code: null, value: ',1' });
  expect(results.find('ann 8999', 1)).toBeUndefined();
  expect(results.find('ann 9000', 1)).toBeDefined();
});

it('does not let 100,000 clients that nobody knows push out a subject', () => {
  const results = new KeptResults(idempotencyDefaults);
  results.keep('bob', bob, 'f', { code: null, value: ',1' }, 0);
  for (let key = 0; key < 100_000; key++) results.keep(`${key}`, stranger(`${key}`), 'f', { code: null, value: '' }, 0);

  expect(results.count).toBe(10_000);
  expect(results.find('bob', 1)).toBeDefined();
});

it('forgets what came of calls before it forgets that they ran', () => {
  const results = new KeptResults({ ...idempotencyDefaults, maxTotalSizePerClient: 10 });
  results.keep('one', ann, 'f', { code: null, value: ',12345' }, 0);
  results.keep('two', ann, 'f', { code: null, value: ',12345' }, 0);

  expect(results.size).toBe(6);
  expect(results.find('one', 1)).toMatchObject({ outcome: null });
  expect(results.find('two', 1)?.outcome).not.toBeNull();
});

it('holds nothing when its time has passed', () => {
  const results = new KeptResults(idempotencyDefaults);
  results.keep('one', ann, 'f', { code: null, value: '' }, 0);
  results.keep('two', stranger('x'), 'f', { code: null, value: ',1' }, 1);
  expect(results.find('one', 299_999)).toBeDefined();
  expect(results.find('one', 300_000)).toBeUndefined();
  results.tick(300_000);
  expect(results.count).toBe(1);
  results.tick(300_001);

  expect(results.count).toBe(0);
  expect(results.size).toBe(0);
});
