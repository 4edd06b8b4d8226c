import { describe, expect, it } from 'vitest';
import { testObserver } from '../support/test-observer.ts';
import { hall, inTheLobby, lobby, subscribeLobby, testSubscriptions } from '../support/test-subscriptions.ts';

describe('subscribing', () => {
  it('asks once for all subscribers of a topic', () => {
    const { table, sent, connect } = testSubscriptions();
    connect();
    table.subscribe(lobby, testObserver(), 0);
    table.subscribe(lobby, testObserver(), 0);
    table.subscribe(hall, testObserver(), 0);

    expect(sent).toEqual([subscribeLobby(1), '[32,2,"chat.room",null,0,{"room":"hall"}]']);
    expect(table.size).toBe(2);
  });

  it('asks when there is a connection', () => {
    const { table, sent, connect } = testSubscriptions();
    table.subscribe(lobby, testObserver(), 0);
    expect(sent).toEqual([]);

    connect();
    expect(sent).toEqual([subscribeLobby(1)]);
  });

  it('asks once even when it began while the connection was being lost', () => {
    const { table, calls, sent, connect } = testSubscriptions();
    connect();
    calls.disconnected();
    table.subscribe(lobby, testObserver(), 0);
    table.disconnected();
    connect();

    expect(sent).toEqual([subscribeLobby(1)]);
  });

  it('brings a later subscriber to where the others are', () => {
    const { table } = inTheLobby();
    const late = testObserver();
    table.subscribe(lobby, late, 0);

    expect(late.told).toEqual([['subscribed', 'fresh', 10]]);
  });

  it('ends with an error when the server refuses, and may be tried again', () => {
    const { table, calls, sent, connect } = testSubscriptions();
    const observer = testObserver();
    connect();
    table.subscribe(lobby, observer, 0);
    calls.receive([18, 1, 'FORBIDDEN', 'not you']);
    expect(observer.told).toEqual([['ended', 'FORBIDDEN']]);
    expect([table.size, calls.size]).toEqual([0, 0]);

    table.subscribe(lobby, observer, 0);
    expect(sent.at(-1)).toBe(subscribeLobby(2));
  });

  it('leaves no call behind', () => {
    const { calls } = inTheLobby();

    expect(calls.size).toBe(0);
  });
});

describe('events', () => {
  it('reach the observers of their topic, revived', () => {
    const { table, observer } = inTheLobby();
    table.receive([35, 1, 11, 1, '1970-01-01T00:00:00.000Z', { values: ['Date'], v: 1 }]);

    expect(observer.told).toEqual([['event', new Date(0), 11]]);
  });

  it('of a topic nobody follows any more are noise', () => {
    const { table, observer } = inTheLobby();
    table.receive([35, 2, 11, 1, 'x']);
    table.receive([37, 2, ['e1', 11, 1]]);
    table.receive([36, 2, 'FORBIDDEN', '']);

    expect(observer.told).toEqual([]);
  });

  it('that are malformed break the protocol', () => {
    const { table } = inTheLobby();

    expect(() => table.receive([35, 1, 11, 1, {}, { values: ['Date'], v: 1 }])).toThrow(
      expect.objectContaining({ name: 'ProtocolError' }),
    );
  });

  it('are told of when they were lost', () => {
    const { table, observer } = inTheLobby();
    table.receive([37, 1, ['e1', 20, 1]]);
    table.receive([35, 1, 21, 1, 'x']);

    expect(observer.told).toEqual([
      ['gap', 20, null],
      ['event', 'x', 21],
    ]);
  });
});

describe('unsubscribing', () => {
  it('tells the server when the last one leaves', () => {
    const { table, sent, leave } = inTheLobby();
    const other = testObserver();
    const leaveToo = table.subscribe(lobby, other, 0);
    leave();
    expect(sent).toEqual([]);
    leaveToo();

    expect(sent).toEqual(['[34,1]']);
    expect(table.size).toBe(0);
  });

  it('counts once for each subscriber', () => {
    const { table, sent, leave } = inTheLobby();
    table.subscribe(lobby, testObserver(), 0);
    leave();
    leave();

    expect(sent).toEqual([]);
    expect(table.size).toBe(1);
  });

  it('drops the events that cross it', () => {
    const { table, observer, leave } = inTheLobby();
    leave();
    table.receive([35, 1, 11, 1, 'x']);

    expect(observer.told).toEqual([]);
  });

  it('while the answer is on its way gives the topic back when it comes', () => {
    const { table, calls, sent, connect } = testSubscriptions();
    const observer = testObserver();
    connect();
    table.subscribe(lobby, observer, 0)();
    expect(sent).toEqual([subscribeLobby(1)]);
    table.receive([33, 1, 4, ['e1', 10, 7], 'fresh']);

    expect(sent.slice(1)).toEqual(['[34,4]']);
    expect(observer.told).toEqual([]);
    expect([table.size, calls.size]).toEqual([0, 0]);
  });

  it('while the answer is on its way, and subscribing again, shares the answer', () => {
    const { table, sent, connect } = testSubscriptions();
    const observer = testObserver();
    connect();
    table.subscribe(lobby, testObserver(), 0)();
    table.subscribe(lobby, observer, 0);
    table.receive([33, 1, 4, ['e1', 10, 7], 'fresh']);
    table.receive([35, 4, 11, 1, 'x']);

    expect(sent).toEqual([subscribeLobby(1)]);
    expect(observer.told).toEqual([
      ['subscribed', 'fresh', 10],
      ['event', 'x', 11],
    ]);
  });

  it('while the answer is on its way is forgotten with the connection', () => {
    const { table, sent, connect, disconnect } = testSubscriptions();
    connect();
    table.subscribe(lobby, testObserver(), 0)();
    disconnect();
    connect();

    expect(sent).toEqual([subscribeLobby(1)]);
    expect(table.size).toBe(0);
  });

  it('without a connection is forgotten', () => {
    const { table, sent, leave, connect, disconnect } = inTheLobby();
    disconnect();
    leave();
    connect();

    expect(sent).toEqual([]);
    expect(table.size).toBe(0);
  });
});
