import { describe, expect, it } from 'vitest';
import { TestCall } from '../support/test-call.ts';
import { connectedTable, testTable } from '../support/test-table.ts';

describe('a call without a connection', () => {
  it('waits and leaves in order', () => {
    const { table, sent, connect } = testTable();
    table.start(new TestCall({ path: '"a"' }), 0);
    table.start(new TestCall({ path: '"b"', kind: 'mutation' }), 0);
    expect(sent).toEqual([]);
    expect(table.size).toBe(2);

    connect();
    expect(sent).toEqual(['[16,1,"a",0]', '[24,2,"b",0,null]']);
  });

  it('is counted down while it waits', () => {
    const { table, sent, connect } = testTable();
    table.start(new TestCall({ deadline: 30_000 }), 0);
    connect(12_000);

    expect(sent).toEqual(['[16,1,"now",18000]']);
  });

  it('fails when more waits than the queue may hold', () => {
    const { table } = testTable(100);
    const [first, second, third] = [40, 60, 1].map((size) => new TestCall({ path: 'x'.repeat(size) }));
    for (const call of [first, second, third]) table.start(call as TestCall, 0);

    expect([first, second, third].map((call) => call?.outcomes)).toEqual([[], [], [['QUEUE_FULL', 'not-sent']]]);
    expect(table.size).toBe(2);
  });

  it('makes room in the queue by leaving it', () => {
    const { table, connect } = testTable(100);
    const early = new TestCall({ path: 'x'.repeat(60) });
    table.start(early, 0);
    table.cancel(early, 'ABORTED', '');
    table.start(new TestCall({ path: 'x'.repeat(100) }), 0);
    connect();
    table.receive([17, 1]);
    table.disconnected();
    const late = new TestCall({ path: 'x'.repeat(100) });
    table.start(late, 0);

    expect(late.outcomes).toEqual([]);
  });
});

describe('a lost connection', () => {
  it('repeats queries with new ids, before what came later', () => {
    const { table, sent, connect } = connectedTable();
    const [first, second] = [new TestCall({ path: '"a"' }), new TestCall({ path: '"b"' })];
    table.start(new TestCall({ path: '"answered"' }), 0);
    table.start(first, 0);
    table.start(second, 0);
    table.receive([17, 1]);

    table.disconnected();
    table.start(new TestCall({ path: '"c"' }), 0);
    sent.length = 0;
    connect();

    expect(sent).toEqual(['[16,1,"a",0]', '[16,2,"b",0]', '[16,3,"c",0]']);
    table.receive([17, 1, 'again']);
    expect(first.outcomes).toEqual([['result', 'again']]);
  });

  it('repeats a query as often as it is lost', () => {
    const { table, sent, connect } = connectedTable();
    table.start(new TestCall(), 0);
    for (let times = 0; times < 3; times++) {
      table.disconnected();
      connect();
    }

    expect(sent).toHaveLength(4);
    expect(table.size).toBe(1);
  });

  it.each(['mutation', 'stream'] as const)('fails a %s that was sent, for it may have run', (kind) => {
    const { table } = connectedTable();
    const call = new TestCall({ kind });
    table.start(call, 0);
    table.disconnected();

    expect(call.outcomes).toEqual([['DISCONNECTED', 'unknown']]);
    expect(table.size).toBe(0);
  });

  it('keeps a mutation that was not sent', () => {
    const { table, sent, connect } = testTable();
    const call = new TestCall({ kind: 'mutation' });
    table.start(call, 0);
    table.disconnected();
    expect(call.outcomes).toEqual([]);

    connect();
    expect(sent).toEqual(['[24,1,"now",0,null]']);
  });

  it('lets what fails start again, to wait for the next connection', () => {
    const { table, sent, connect } = connectedTable();
    const again = new TestCall({ kind: 'mutation', path: '"again"' });
    table.start(new TestCall({ kind: 'mutation' }, () => table.start(again, 0)), 0);
    table.disconnected();
    expect(sent).toEqual(['[24,1,"now",0,null]']);

    connect();
    expect(sent.slice(1)).toEqual(['[24,1,"again",0,null]']);
  });

  it('leaves a repeated query with what is known: it may have run', () => {
    const { table } = connectedTable();
    const calls = [new TestCall({ deadline: 5_000 }), new TestCall(), new TestCall()] as const;
    for (const call of calls) table.start(call, 0);
    table.disconnected();
    table.tick(5_000);
    table.cancel(calls[1], 'ABORTED', '');
    table.close('the client was closed');

    expect(calls.map(({ outcomes }) => outcomes[0])).toEqual([
      ['TIMEOUT', 'unknown'],
      ['ABORTED', 'unknown'],
      ['DISCONNECTED', 'unknown'],
    ]);
  });
});
