import { describe, expect, it } from 'vitest';
import { TopicSubscription } from '../../src/channels/topic-subscription.ts';
import { CallError } from '../../src/errors.ts';
import { testObserver } from '../support/test-observer.ts';

const at = (offset: number, epoch = 'e1'): { epoch: string; offset: number; tag: number } => ({
  epoch,
  offset,
  tag: 7,
});

function testSubscription(rewind = 0): TopicSubscription {
  return new TopicSubscription({
    name: 'chat.room?room=lobby',
    path: '"chat.room"',
    params: ',{"room":"lobby"}',
    rewind,
  });
}

/** Subscribed at offset 10, with one observer whose record is empty. */
function running(rewind = 0): { subscription: TopicSubscription; observer: ReturnType<typeof testObserver> } {
  const subscription = testSubscription(rewind);
  const observer = testObserver();
  subscription.join(observer);
  subscription.subscribed(1, at(10), 'fresh');
  observer.told.length = 0;
  return { subscription, observer };
}

describe('asking', () => {
  it('asks for the past at first, then for what follows its position, and for the past if that is lost', () => {
    const subscription = testSubscription(20);
    expect(subscription.encode(1)).toBe('[32,1,"chat.room",null,20,{"room":"lobby"}]');

    subscription.subscribed(1, at(10), 'fresh');
    subscription.deliver('x', 11, 99);
    expect(subscription.encode(2)).toBe('[32,2,"chat.room",["e1",11,99],20,{"room":"lobby"}]');
  });

  it('has a position before the first event has ever come', () => {
    const { subscription } = running();

    expect(subscription.encode(2)).toBe('[32,2,"chat.room",["e1",10,7],0,{"room":"lobby"}]');
  });
});

describe('delivery', () => {
  it('tells every observer each event with its position', () => {
    const { subscription, observer } = running();
    const other = testObserver();
    subscription.join(other);
    subscription.deliver('x', 11, 1);

    expect(observer.told).toEqual([['event', 'x', 11]]);
    expect(other.told).toEqual([
      ['subscribed', 'fresh', 10],
      ['event', 'x', 11],
    ]);
  });

  it.each([10, 9, 0])('drops an event it has had: offset %i at position 10', (offset) => {
    const { subscription, observer } = running();
    subscription.deliver('again', offset, 1);

    expect(observer.told).toEqual([]);
  });

  it('tells of a gap when offsets skip', () => {
    const { subscription, observer } = running();
    subscription.deliver('x', 13, 1);
    subscription.deliver('y', 14, 1);

    expect(observer.told).toEqual([
      ['gap', 13, 2],
      ['event', 'x', 13],
      ['event', 'y', 14],
    ]);
  });

  it('tells of a gap the server announces, and goes on behind it', () => {
    const { subscription, observer } = running();
    subscription.gap(at(50, 'e2'), null);
    subscription.deliver('old', 50, 1);
    subscription.deliver('x', 51, 1);

    expect(observer.told).toEqual([
      ['gap', 50, null],
      ['event', 'x', 51],
    ]);
    expect(subscription.encode(2)).toContain('["e2",51,1]');
  });

  it('delivers nothing before it is subscribed', () => {
    const subscription = testSubscription();
    const observer = testObserver();
    subscription.join(observer);
    subscription.deliver('x', 1, 1);

    expect(observer.told).toEqual([]);
  });

  it('moves its position before it calls anybody', () => {
    const subscription = testSubscription();
    const asked: string[] = [];
    subscription.join(testObserver({ event: () => void asked.push(String(subscription.encode(2))) }));
    subscription.subscribed(1, at(10), 'fresh');
    subscription.deliver('x', 11, 1);

    expect(asked).toEqual(['[32,2,"chat.room",["e1",11,1],0,{"room":"lobby"}]']);
  });
});

describe('an observer that joins late', () => {
  it('is told the outcome and the latest events, as many as were asked for', () => {
    const { subscription } = running(2);
    for (const offset of [11, 12, 13]) subscription.deliver(`event ${offset}`, offset, 1);
    const late = testObserver();
    subscription.join(late);

    expect(late.told).toEqual([
      ['subscribed', 'fresh', 13],
      ['event', 'event 12', 12],
      ['event', 'event 13', 13],
    ]);
  });

  it('is told nothing before the subscription stands', () => {
    const subscription = testSubscription(2);
    const late = testObserver();
    subscription.join(late);

    expect(late.told).toEqual([]);
  });

  it.each<[string, (subscription: TopicSubscription) => void]>([
    ['was announced', (subscription) => subscription.gap(at(20), 9)],
    ['was found by its offset', (subscription) => subscription.deliver('event 21', 21, 1)],
    ['came with a new connection', (subscription) => subscription.subscribed(2, at(20), 'gap')],
  ])('is given no events from before a gap that %s', (_name, gap) => {
    const { subscription } = running(5);
    subscription.deliver('event 11', 11, 1);
    gap(subscription);
    const late = testObserver();
    subscription.join(late);

    expect(late.told).not.toContainEqual(['event', 'event 11', 11]);
  });

  it('inside a handler has the event of that handler once', () => {
    const subscription = testSubscription(1);
    const late = testObserver();
    subscription.join(testObserver({ event: () => subscription.join(late) }));
    subscription.subscribed(1, at(10), 'fresh');
    subscription.deliver('x', 11, 1);

    expect(late.told).toEqual([
      ['subscribed', 'fresh', 11],
      ['event', 'x', 11],
    ]);
  });

  it('may leave while it is given the latest events', () => {
    const { subscription } = running(2);
    for (const offset of [11, 12]) subscription.deliver(offset, offset, 1);
    const late = testObserver({ event: () => void subscription.observers.delete(late) });
    subscription.join(late);

    expect(late.told).toEqual([
      ['subscribed', 'fresh', 12],
      ['event', 11, 11],
    ]);
  });
});

describe('an observer that leaves inside a handler', () => {
  it('is told nothing more, and nobody else is skipped', () => {
    const subscription = testSubscription();
    const first = testObserver({
      event() {
        subscription.observers.delete(first);
        subscription.observers.delete(second);
      },
    });
    const second = testObserver();
    const third = testObserver();
    for (const observer of [first, second, third]) subscription.join(observer);
    subscription.subscribed(1, at(10), 'fresh');
    subscription.deliver('x', 11, 1);

    expect([first, second, third].map(({ told }) => told.length)).toEqual([2, 1, 2]);
  });
});

describe('a connection', () => {
  it('that is lost is told once, and only when the subscription stood', () => {
    const { subscription, observer } = running();
    subscription.interrupted();
    subscription.interrupted();

    expect(observer.told).toEqual(['interrupted']);
    expect(subscription.topic).toBeNull();
  });

  it.each([
    ['recovered', [['subscribed', 'recovered', 10]]],
    [
      'gap',
      [
        ['subscribed', 'gap', 10],
        ['gap', 10, null],
      ],
    ],
  ] as const)('that comes back is told with its outcome: %s', (outcome, told) => {
    const { subscription, observer } = running();
    subscription.interrupted();
    observer.told.length = 0;
    subscription.subscribed(4, at(10), outcome);

    expect(observer.told).toEqual(told);
    expect(subscription.topic).toBe(4);
  });

  it('that begins anew when it was asked to go on has a gap', () => {
    const { subscription, observer } = running();
    subscription.interrupted();
    observer.told.length = 0;
    subscription.subscribed(4, at(20), 'fresh');

    expect(observer.told).toEqual([
      ['subscribed', 'gap', 20],
      ['gap', 20, 10],
    ]);
  });

  it('that does not take the subscribe because of its size refuses it', () => {
    const subscription = testSubscription();
    const refused: CallError[] = [];
    subscription.onRefused = (error) => void refused.push(error);
    subscription.fail(new CallError('LIMIT_EXCEEDED', '', { data: undefined, delivery: 'not-sent' }));
    expect(refused).toHaveLength(1);
  });

  it('that is lost while subscribing refuses nothing', () => {
    const subscription = testSubscription();
    const refused: CallError[] = [];
    subscription.onRefused = (error) => void refused.push(error);
    subscription.fail(new CallError('DISCONNECTED', '', { data: undefined, delivery: 'unknown' }));
    subscription.fail(new CallError('QUEUE_FULL', '', { data: undefined, delivery: 'not-sent' }));
    expect(refused).toEqual([]);

    subscription.fail(new CallError('FORBIDDEN', '', { data: undefined, delivery: 'answered' }));
    expect(refused).toHaveLength(1);
  });
});

it('tells everybody of its end, and lets them go', () => {
  const { subscription, observer } = running();
  subscription.ended(new CallError('FORBIDDEN', '', { data: undefined, delivery: 'answered' }));
  subscription.deliver('x', 11, 1);

  expect(observer.told).toEqual([['ended', 'FORBIDDEN']]);
  expect(subscription.observers.size).toBe(0);
});
