import { describe, expect, it } from 'vitest';
import { TestCall } from '../support/test-call.ts';
import { testObserver } from '../support/test-observer.ts';
import { inTheLobby, lobby, subscribeLobby, testSubscriptions } from '../support/test-subscriptions.ts';

describe('a lost connection', () => {
  it('is told, and the next one asks from where each topic stood', () => {
    const { table, sent, observer, connect, disconnect } = inTheLobby();
    table.receive([35, 1, 11, 99, 'x']);
    disconnect();
    connect();
    expect(sent).toEqual([subscribeLobby(1, '["e1",11,99]')]);

    table.receive([33, 1, 3, ['e1', 11, 99], 'recovered']);
    table.receive([35, 3, 12, 1, 'y']);
    expect(observer.told).toEqual([
      ['event', 'x', 11],
      'interrupted',
      ['subscribed', 'recovered', 11],
      ['event', 'y', 12],
    ]);
  });

  it('forgets the numbers of its topics', () => {
    const { table, observer, connect, disconnect } = inTheLobby();
    disconnect();
    connect();
    table.receive([35, 1, 11, 1, 'x']);

    expect(observer.told).toEqual(['interrupted']);
  });

  it('while subscribing asks again', () => {
    const { table, sent, connect, disconnect } = testSubscriptions();
    const observer = testObserver();
    connect();
    table.subscribe(lobby, observer, 0);
    disconnect();
    connect();

    expect(sent).toEqual([subscribeLobby(1), subscribeLobby(1)]);
    expect(observer.told).toEqual([]);
  });
});

describe('the end of a topic', () => {
  it('is told to its observers, who may subscribe again at once', () => {
    const { table, sent, connect } = testSubscriptions();
    const again = testObserver();
    const observer = testObserver({ ended: () => void table.subscribe(lobby, again, 0) });
    connect();
    table.subscribe(lobby, observer, 0);
    table.receive([33, 1, 1, ['e1', 10, 7], 'fresh']);
    table.receive([36, 1, 'FORBIDDEN', 'you have left']);
    table.receive([33, 2, 2, ['e1', 10, 7], 'fresh']);

    expect(sent.at(-1)).toBe(subscribeLobby(2));
    expect(observer.told.at(-1)).toEqual(['ended', 'FORBIDDEN']);
    expect(again.told).toEqual([['subscribed', 'fresh', 10]]);
  });

  it('is without an error when the client closes', () => {
    const { table, sent, observer } = inTheLobby();
    table.close();

    expect(observer.told).toEqual([['ended', null]]);
    expect(sent).toEqual([]);
    expect(table.size).toBe(0);
  });
});

describe('an observer', () => {
  it('may leave inside its handler', () => {
    const { table, sent, connect } = testSubscriptions();
    const leave = (): void => stop();
    const observer = testObserver({ event: () => leave() });
    connect();
    const stop = table.subscribe(lobby, observer, 0);
    table.receive([33, 1, 1, ['e1', 10, 7], 'fresh']);
    table.receive([35, 1, 11, 1, 'x']);
    table.receive([35, 1, 12, 1, 'y']);

    expect(sent.at(-1)).toBe('[34,1]');
    expect(observer.told.at(-1)).toEqual(['event', 'x', 11]);
  });

  it('may leave and come back inside its handler, and misses nothing', () => {
    const { table, connect } = testSubscriptions();
    const second = testObserver();
    let stop = (): void => {};
    const first = testObserver({
      event() {
        table.subscribe(lobby, second, 0);
        stop();
      },
    });
    connect();
    stop = table.subscribe(lobby, first, 0);
    table.receive([33, 1, 1, ['e1', 10, 7], 'fresh']);
    table.receive([35, 1, 11, 1, 'x']);
    table.receive([35, 1, 12, 1, 'y']);

    expect(second.told).toEqual([
      ['subscribed', 'fresh', 11],
      ['event', 'y', 12],
    ]);
  });
});

describe('an answer to a subscribe', () => {
  it('that was never sent breaks the protocol', () => {
    const { table, connect } = testSubscriptions();
    connect();

    expect(() => table.receive([33, 1, 1, ['e1', 0, 0], 'fresh'])).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' }),
    );
  });

  it('breaks the protocol when it names a call', () => {
    const { table, calls, connect } = testSubscriptions();
    connect();
    calls.start(new TestCall(), 0);

    expect(() => table.receive([33, 1, 1, ['e1', 0, 0], 'fresh'])).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' }),
    );
  });

  it('is ignored the second time', () => {
    const { table, observer } = inTheLobby();
    table.receive([33, 1, 9, ['e1', 99, 7], 'fresh']);

    expect(observer.told).toEqual([]);
  });
});
