import { SharedMessage } from '@typewire/core';
import { describe, expect, it } from 'vitest';
import { settled } from '../src/fake-clock.ts';
import { memoryPair } from '../src/memory-pair.ts';
import { seededRandom } from '../src/seeded-random.ts';
import { listeningPair, recordingListener } from './support.ts';

describe('messages', () => {
  it('arrive in order, and never in the call that sends them', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.send('a');
    pair.left.sendShared(new SharedMessage('b'));
    pair.right.send('c');
    expect([left, right]).toEqual([[], []]);
    await settled();

    expect(right).toEqual(['message a', 'message b']);
    expect(left).toEqual(['message c']);
  });

  it('arrive one in each turn, so that an answer may leave in between', async () => {
    const pair = memoryPair();
    const log: string[] = [];
    pair.left.listen({ ...recordingListener(), message: (data) => void log.push(`left ${String(data)}`) });
    pair.right.listen({
      ...recordingListener(),
      message(data) {
        log.push(`right ${String(data)}`);
        pair.right.send(`answer to ${String(data)}`);
      },
    });
    pair.left.send('1');
    pair.left.send('2');
    await settled();

    expect(log).toEqual(['right 1', 'left answer to 1', 'right 2', 'left answer to 2']);
  });

  it('wait for a listener', async () => {
    const pair = memoryPair();
    const late = recordingListener();
    pair.left.send('early');
    await settled();
    pair.right.listen(late);
    await settled();

    expect(late.log).toEqual(['message early']);
  });

  it('are kept as sent, for a test to look at', () => {
    const { pair } = listeningPair();
    pair.left.send('a');
    pair.left.sendShared(new SharedMessage('b'));

    expect(pair.left.sent).toEqual(['a', 'b']);
    expect(pair.right.sent).toEqual([]);
  });

  it('count as buffered until they arrive', async () => {
    const { pair } = listeningPair();
    pair.left.send('four');
    pair.left.send('sixsix');
    expect(pair.left.bufferedBytes).toBe(10);
    await settled();

    expect(pair.left.bufferedBytes).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('are never reordered, repeated or lost, whatever stalls (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const { pair, left, right } = listeningPair();
    const sent = { left: [] as string[], right: [] as string[] };
    const steps = [
      () => pair.hold(),
      () => pair.release(),
      () => pair.left.pause?.(),
      () => pair.left.resume?.(),
      () => pair.right.pause?.(),
      () => pair.right.resume?.(),
    ];
    for (let step = 0; step < 500; step++) {
      const side = random() < 0.5 ? 'left' : 'right';
      if (random() < 0.5) {
        pair[side].send(String(step));
        sent[side].push(`message ${step}`);
      } else steps[Math.floor(random() * steps.length)]?.();
      if (random() < 0.2) await settled();
    }
    pair.release();
    pair.left.resume?.();
    pair.right.resume?.();
    while (pair.left.bufferedBytes + pair.right.bufferedBytes > 0) await settled();

    expect(right).toEqual(sent.left);
    expect(left).toEqual(sent.right);
  });
});

describe('a stall', () => {
  it('holds everything back until it is released', async () => {
    const { pair, right } = listeningPair();
    pair.hold();
    pair.left.send('a');
    pair.left.close(1000, 'bye');
    await settled();
    expect(right).toEqual([]);

    pair.release();
    await settled();
    expect(right).toEqual(['message a', 'closed 1000 bye']);
  });

  it('of one reader holds messages back, and nothing on the other side', async () => {
    const { pair, left, right } = listeningPair();
    pair.right.pause?.();
    pair.left.send('a');
    pair.right.send('b');
    await settled();
    expect([left, right]).toEqual([['message b'], []]);
    expect(pair.left.bufferedBytes).toBe(1);

    pair.right.resume?.();
    await settled();
    expect(right).toEqual(['message a']);
  });
});

describe('closing', () => {
  it('delivers what was sent before, then tells both ends', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.send('last');
    pair.left.close(4000, 'bye');
    await settled();

    expect(right).toEqual(['message last', 'closed 4000 bye']);
    expect(left).toEqual(['closed 4000 bye']);
  });

  it('sends nothing any more', async () => {
    const { pair, right } = listeningPair();
    pair.left.close(1000, '');
    pair.left.send('late');
    pair.left.sendShared(new SharedMessage('late'));
    pair.left.close(1001, 'again');
    await settled();
    pair.right.send('late');

    expect(right).toEqual(['closed 1000 ']);
    expect([pair.left.sent, pair.right.sent]).toEqual([[], []]);
  });

  it('from both ends at once gives each the code of the other', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.close(4001, 'left');
    pair.right.close(4002, 'right');
    await settled();

    expect(left).toEqual(['closed 4002 right']);
    expect(right).toEqual(['closed 4001 left']);
  });

  it('cuts a reason that is too long for a close frame', async () => {
    const { pair, right } = listeningPair();
    pair.left.close(1000, 'é'.repeat(100));
    await settled();

    expect(right).toEqual([`closed 1000 ${'é'.repeat(61)}`]);
  });
});

describe('losing the connection', () => {
  it('by a cut tells both ends 1006 and drops what was on its way', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.send('lost');
    pair.cut();
    await settled();

    expect(left).toEqual(['closed 1006 ']);
    expect(right).toEqual(['closed 1006 ']);
  });

  it('by a cut ends a stall and a pause', async () => {
    const { pair, left, right } = listeningPair();
    pair.hold();
    pair.right.pause?.();
    pair.cut();
    await settled();

    expect([left, right]).toEqual([['closed 1006 '], ['closed 1006 ']]);
  });

  it('by terminate tells both ends 1006, behind what was sent', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.send('last');
    pair.left.terminate();
    await settled();

    expect(left).toEqual(['closed 1006 ']);
    expect(right).toEqual(['message last', 'closed 1006 ']);
  });

  it('is told once, however often it is lost', async () => {
    const { pair, left, right } = listeningPair();
    pair.left.close(1000, 'bye');
    pair.left.terminate();
    pair.left.terminate();
    pair.cut();
    await settled();
    pair.cut();
    pair.right.terminate();
    await settled();

    expect([left, right]).toEqual([['closed 1006 '], ['closed 1006 ']]);
  });
});

it('tells when everything has arrived, or when congestion is over', async () => {
  const { left, right } = memoryPair();
  const told: string[] = [];
  left.listen({ message: () => {}, heard: () => {}, drained: () => void told.push('drained'), closed: () => {} });
  right.listen({ message: (data) => void told.push(String(data)), heard: () => {}, closed: () => {} });
  left.send('one');
  left.send('two');
  await settled();
  expect(told).toEqual(['one', 'two', 'drained']);

  left.congestion = 100;
  expect(left.bufferedBytes).toBe(100);
  left.congestion = 0;
  expect(told).toEqual(['one', 'two', 'drained', 'drained']);
});
