import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/errors.ts';
import type { CalleeMessage } from '../../src/message/messages.ts';
import { TestCall } from '../support/test-call.ts';
import { connectedTable, testTable } from '../support/test-table.ts';

describe('a call on a connection', () => {
  it('leaves at once with the next id', () => {
    const { table, sent } = connectedTable();
    table.start(new TestCall({ kind: 'mutation', path: '"chat.send"', input: ',{"text":"hi"}' }), 0);
    table.start(new TestCall({ kind: 'stream', path: '"ticks"', credit: () => 16 }), 0);

    expect(sent).toEqual(['[24,1,"chat.send",0,null,{"text":"hi"}]', '[20,2,"ticks",0,16,null]']);
  });

  it('carries the time that is left, rounded up and never 0', () => {
    const { table, sent } = connectedTable();
    table.start(new TestCall({ deadline: 30_000 }), 10_000);
    table.start(new TestCall({ deadline: 30_000 }), 29_999.2);
    table.start(new TestCall({ deadline: 30_000 }), 30_000);

    expect(sent).toEqual(['[16,1,"now",20000]', '[16,2,"now",1]', '[16,3,"now",1]']);
  });

  it.each<[string, CalleeMessage, unknown]>([
    ['a result', [17, 1, { at: 1 }], ['result', { at: 1 }]],
    ['a result without a value', [17, 1], ['result', undefined]],
    ['a result with metadata', [17, 1, '7', { values: ['bigint'], v: 1 }], ['result', 7n]],
    ['an error', [18, 1, 'CONFLICT', 'taken'], ['CONFLICT', 'answered']],
  ])('is settled by %s', (_name, message, outcome) => {
    const { table } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);

    table.receive(message);

    expect(call.outcomes).toEqual([outcome]);
    expect(table.size).toBe(0);
  });

  it('is settled by an end when it is a stream', () => {
    const { table } = connectedTable();
    const call = new TestCall({ kind: 'stream' });
    table.start(call, 0);
    table.receive([22, 1]);

    expect(call.outcomes).toEqual(['end']);
    expect(table.size).toBe(0);
  });

  it('hands the data of an error on', () => {
    const { table } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);

    table.receive([18, 1, 'TOO_EARLY', 'wait', '1970-01-01T00:00:00.000Z', { values: ['Date'], v: 1 }]);

    expect(call.errors).toEqual([expect.objectContaining({ message: 'wait', data: new Date(0) })]);
  });

  it('is told each item and stays open until the end', () => {
    const { table } = connectedTable();
    const call = new TestCall({ kind: 'stream' });
    table.start(call, 0);
    table.receive([21, 1, 'a']);
    table.receive([21, 1, 'b']);
    expect(table.size).toBe(1);
    table.receive([22, 1]);

    expect(call.outcomes).toEqual([['item', 'a'], ['item', 'b'], 'end']);
    expect(table.size).toBe(0);
  });

  it('gets one outcome, and what is late is ignored', () => {
    const { table } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);
    table.receive([17, 1, 'first']);
    table.receive([17, 1, 'second']);
    table.receive([18, 1, 'CONFLICT', '']);
    table.receive([21, 1, 'item']);

    expect(call.outcomes).toEqual([['result', 'first']]);
  });

  it('stays open when its answer is malformed, for the session that closes to fail it', () => {
    const { table } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);

    expect(() => table.receive([17, 1, {}, { values: ['Date'], v: 1 }])).toThrow(ProtocolError);
    expect(call.outcomes).toEqual([]);
    table.disconnected();
    expect(table.has(call)).toBe(true);
  });
});

describe('an answer to a call that was never made', () => {
  it.each<[string, CalleeMessage]>([
    ['result', [17, 2]],
    ['error', [18, 2, 'CONFLICT', '']],
    ['item', [21, 2]],
    ['end', [22, 2]],
  ])('breaks the protocol: %s', (_name, message) => {
    const { table } = connectedTable();
    table.start(new TestCall(), 0);

    expect(() => table.receive(message)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED', message: expect.stringContaining('call 2') }),
    );
  });

  it('is one to an id of the session before', () => {
    const { table, connect } = connectedTable();
    table.start(new TestCall(), 0);
    table.receive([17, 1]);
    table.disconnected();
    connect();

    expect(() => table.receive([17, 1])).toThrow(ProtocolError);
  });
});

describe('an answer of another kind', () => {
  it.each<[string, 'query' | 'mutation' | 'stream', CalleeMessage]>([
    ['an item for a query', 'query', [21, 1, 'x']],
    ['an end for a query', 'query', [22, 1]],
    ['an item for a mutation', 'mutation', [21, 1, 'x']],
    ['a result for a stream', 'stream', [17, 1, 'x']],
  ])('breaks the protocol, and the call is failed with the session: %s', (_name, kind, message) => {
    const { table } = connectedTable();
    const call = new TestCall({ kind });
    table.start(call, 0);

    expect(() => table.receive(message)).toThrow(ProtocolError);
    expect(call.outcomes).toEqual([]);
    table.close('closed');
    expect(call.outcomes).toEqual([['DISCONNECTED', 'unknown']]);
  });
});

describe('cancelling', () => {
  it('takes a call back that was not sent', () => {
    const { table, sent, connect } = testTable();
    const call = new TestCall();
    table.start(call, 0);
    table.cancel(call, 'ABORTED', 'not wanted any more');
    connect();

    expect(call.outcomes).toEqual([['ABORTED', 'not-sent']]);
    expect(sent).toEqual([]);
  });

  it('tells the peer of a call that was sent', () => {
    const { table, sent } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);
    table.cancel(call, 'ABORTED', 'not wanted any more');

    expect(call.outcomes).toEqual([['ABORTED', 'unknown']]);
    expect(sent.slice(1)).toEqual(['[19,1]']);
  });

  it('ignores the answer that crosses it', () => {
    const { table } = connectedTable();
    const call = new TestCall();
    table.start(call, 0);
    table.cancel(call, 'ABORTED', '');
    table.receive([17, 1, 'late']);

    expect(call.outcomes).toHaveLength(1);
  });

  it('does nothing to a call that has an outcome, whoever has its id now', () => {
    const { table, sent, connect } = connectedTable();
    const old = new TestCall();
    table.start(old, 0);
    table.receive([17, 1]);
    table.disconnected();
    connect();
    const current = new TestCall();
    table.start(current, 0);
    sent.length = 0;
    table.cancel(old, 'ABORTED', '');

    expect(sent).toEqual([]);
    expect(old.outcomes).toEqual([['result', undefined]]);
    expect(table.has(current)).toBe(true);
    expect(table.has(old)).toBe(false);
  });

  it('keeps the cause for the caller', () => {
    const { table } = connectedTable();
    const cause = new Error('the user left');
    const call = new TestCall();
    table.start(call, 0);
    table.cancel(call, 'ABORTED', 'aborted', cause);

    expect(call.errors).toEqual([expect.objectContaining({ name: 'CallError', message: 'aborted', cause })]);
  });
});

describe('a call above what the server takes', () => {
  // `[16,1,"now",0,"…"]`: 17 bytes around the text.
  const large = ',"äääää"';

  it('fails before it is sent, by its bytes, and takes no id', () => {
    const { table, sent } = connectedTable();
    table.maxMessageBytes = 26;
    const call = new TestCall({ input: large });
    table.start(call, 0);
    table.start(new TestCall({ input: ',"äää"' }), 0);

    expect(call.outcomes).toEqual([['LIMIT_EXCEEDED', 'not-sent']]);
    expect(call.errors[0]?.message).toContain('limits.maxMessageBytes');
    expect(sent).toEqual(['[16,1,"now",0,"äää"]']);
    expect(table.has(call)).toBe(false);
  });

  it('fails when it has waited for the connection', () => {
    const { table, sent, connect } = testTable();
    const call = new TestCall({ input: large });
    table.start(call, 0);
    table.maxMessageBytes = 26;
    connect();

    expect(call.outcomes).toEqual([['LIMIT_EXCEEDED', 'not-sent']]);
    expect(sent).toEqual([]);
    expect(table.size).toBe(0);
  });

  it('leaves when it is exactly as large', () => {
    const { table, sent } = connectedTable();
    table.maxMessageBytes = 27;
    table.start(new TestCall({ input: large }), 0);

    expect(sent).toHaveLength(1);
  });
});

describe('deadlines', () => {
  it('time a sent call out and tell the peer', () => {
    const { table, sent } = connectedTable();
    const call = new TestCall({ deadline: 5_000 });
    table.start(call, 0);
    table.tick(4_999);
    expect(call.outcomes).toEqual([]);
    table.tick(5_000);

    expect(call.outcomes).toEqual([['TIMEOUT', 'unknown']]);
    expect(sent.at(-1)).toBe('[19,1]');
  });

  it('time a waiting call out as not sent', () => {
    const { table } = testTable();
    const call = new TestCall({ deadline: 5_000 });
    table.start(call, 0);
    table.tick(5_000);

    expect(call.outcomes).toEqual([['TIMEOUT', 'not-sent']]);
    expect(table.size).toBe(0);
  });

  it('are known by the earliest', () => {
    const { table } = connectedTable();
    expect(table.deadline).toBe(Number.POSITIVE_INFINITY);
    for (const deadline of [9_000, 5_000, 7_000]) table.start(new TestCall({ deadline }), 0);
    expect(table.deadline).toBe(5_000);

    table.tick(5_000);
    expect(table.deadline).toBe(7_000);
    table.tick(8_000);
    expect(table.deadline).toBe(9_000);
    table.tick(9_000);
    expect(table.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('are forgotten at the tick after their call was answered', () => {
    const { table } = connectedTable();
    table.start(new TestCall({ deadline: 5_000 }), 0);
    table.receive([17, 1]);
    table.tick(5_000);

    expect(table.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('of calls started while others time out are not lost', () => {
    const { table } = connectedTable();
    table.start(new TestCall({ deadline: 5_000 }, () => table.start(new TestCall({ deadline: 6_000 }), 5_000)), 0);
    table.start(new TestCall({ deadline: 8_000 }), 0);
    table.tick(5_000);

    expect(table.deadline).toBe(6_000);
  });
});

describe('closing', () => {
  it('fails everything with what is known of it', () => {
    const { table } = connectedTable();
    const sent = new TestCall();
    table.start(sent, 0);
    table.close('the client was closed');
    const waiting = new TestCall();
    table.start(waiting, 0);
    table.close('the client was closed');

    expect(sent.outcomes).toEqual([['DISCONNECTED', 'unknown']]);
    expect(waiting.outcomes).toEqual([['DISCONNECTED', 'not-sent']]);
    expect(table.size).toBe(0);
  });
});
