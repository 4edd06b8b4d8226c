import { CallError, type Position } from '@typewire/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { CallOracle } from '../../src/simulator/call-oracle.ts';
import { ChainOracle, eventId } from '../../src/simulator/chain-oracle.ts';
import { Judge } from '../../src/simulator/judge.ts';
import { ModelLog } from '../../src/simulator/model-log.ts';
import { StreamOracle } from '../../src/simulator/stream-oracle.ts';
import { Trace } from '../../src/simulator/trace.ts';
import { TrueLog } from '../../src/simulator/true-log.ts';

let judge: Judge;
let truth: TrueLog;
let log: ModelLog;
let tags: number;
let lost: string[];

beforeEach(() => {
  judge = new Judge(new Trace(() => 0, false));
  truth = new TrueLog(
    () => {},
    ({ payload }) => lost.push(eventId(payload)),
  );
  log = new ModelLog('room', 'first', truth);
  tags = 100;
  lost = [];
});

function append(id: string, idempotencyKey: string | null = null): Position {
  const history = { size: 10, ttlMs: 1_000, bytes: 1_000 };
  const publication = { payload: `,{"id":"${id}"}`, history, key: null, exclude: null, idempotencyKey };
  return log.append(publication, ++tags, 0).position;
}

describe('what a subscriber is told', () => {
  const follow = (isRewound = false, ...unheard: string[]): ChainOracle => {
    const kind = { isRewound, joinsLate: false, isKeyed: false, hasSnapshot: false };
    return new ChainOracle({ name: 'ann', topic: 'room', ...kind, unheard: new Set(unheard) }, judge, truth);
  };

  it('may be the whole log', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    for (const id of ['a', 'b', 'c']) oracle.event(id, append(id));
    expect(oracle.settled(log.position, log.position)).toBeNull();
    expect(judge.violation).toBeNull();
  });

  it('may not leave an event out, unless a gap stands between', () => {
    const silent = follow();
    silent.live('fresh', log.position);
    append('a');
    silent.event('b', append('b'));
    expect(judge.violation?.text).toContain('and no gap');
  });

  it('may leave out what its own client published for everybody else, and nothing besides', () => {
    const oracle = follow(false, 'mine');
    oracle.live('fresh', log.position);
    const before = append('a');
    oracle.event('a', before);
    append('mine');
    expect(oracle.settled(before, log.position)).toBeNull();
    oracle.event('b', append('b'));
    expect(judge.violation).toBeNull();
    append('mine');
    append('c');
    oracle.event('d', append('d'));
    expect(judge.violation?.text).toContain('and no gap');
  });

  it('may leave events out behind a gap', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    append('a');
    oracle.gap(log.position, 1);
    oracle.event('b', append('b'));
    expect(judge.violation).toBeNull();
  });

  it.each([0, 3, null])('may not leave two events out behind a gap that says %s', (missed) => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    append('a');
    oracle.gap(append('b'), missed);
    expect(judge.violation?.text).toContain('and not 2');
  });

  it('may not leave an event out right behind a gap', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    oracle.gap(append('a'), 1);
    append('b');
    oracle.event('c', append('c'));
    expect(judge.violation?.text).toContain('and no gap');
  });

  it('may not go on in a log that came of an older copy, though the offsets follow', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    oracle.event('a', append('a'));
    oracle.event('b', append('b'));
    log.failOver(1);
    append('another b');
    oracle.event('c', append('c'));
    expect(judge.violation?.text).toContain('and no gap');
  });

  it('may not come twice, not even behind a gap', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    const position = append('a');
    oracle.event('a', position);
    oracle.gap(log.position, null);
    oracle.event('a', position);
    expect(judge.violation?.text).toContain('twice');
  });

  it('may come again behind a gap to who asked for the past', () => {
    const oracle = follow(true);
    oracle.live('fresh', log.position);
    const position = append('a');
    oracle.event('a', position);
    oracle.gap(log.position, null);
    oracle.event('a', position);
    expect(judge.violation).toBeNull();
  });

  it('may not be something that was never written, or stood elsewhere', () => {
    const oracle = follow();
    const position = append('a');
    oracle.event('b', position);
    expect(judge.violation?.text).toContain('in place of a');
    judge = new Judge(new Trace(() => 0, false));
    const other = follow();
    other.event('a', { ...position, epoch: 'second' });
    expect(judge.violation?.text).toContain('nothing was ever written');
  });

  it('must reach the head, and say where it is', () => {
    const oracle = follow();
    oracle.live('fresh', log.position);
    const position = append('a');
    oracle.event('a', position);
    append('b');
    expect(oracle.settled(position, log.position)).toContain('stands at');
    expect(oracle.settled(log.position, log.position)).toContain('was last told');
  });
});

describe('a call', () => {
  const error = (delivery: 'not-sent' | 'unknown'): CallError =>
    new CallError('DISCONNECTED', 'gone', { data: undefined, delivery });

  it('resolves with what its one run answered', () => {
    const oracle = new CallOracle(judge);
    oracle.made('k', 'mutation');
    oracle.resolved('k', oracle.ran('k', 'server'));
    expect(judge.violation).toBeNull();
    expect(oracle.unsettled).toEqual([]);
  });

  it.each<[string, (oracle: CallOracle) => void]>([
    ['runs twice', (oracle) => [oracle.ran('k', 'one'), oracle.ran('k', 'another')]],
    ['resolves without a run', (oracle) => oracle.resolved('k', 'k run 1')],
    ['has two outcomes', (oracle) => [oracle.rejected('k', error('unknown')), oracle.rejected('k', error('unknown'))]],
    ['ran, and says it was not sent', (oracle) => [oracle.ran('k', 'one'), oracle.rejected('k', error('not-sent'))]],
    [
      'runs after it said it was not sent',
      (oracle) => [oracle.rejected('k', error('not-sent')), oracle.ran('k', 'one')],
    ],
    ['rejects with something else than a CallError', (oracle) => oracle.rejected('k', new Error('oops'))],
  ])('is complained about when it %s', (_name, misbehave) => {
    const oracle = new CallOracle(judge);
    oracle.made('k', 'mutation');
    misbehave(oracle);
    expect(judge.violation?.oracle).toBe('calls');
  });

  it('may run once on each server when it is idempotent, and not twice on one', () => {
    const oracle = new CallOracle(judge);
    oracle.made('k', 'idempotent mutation');
    oracle.ran('k', 'one');
    oracle.ran('k', 'another');
    expect(judge.violation).toBeNull();
    oracle.ran('k', 'one');
    expect(judge.violation?.text).toContain('ran twice');
  });

  it('may run twice when it is a query', () => {
    const oracle = new CallOracle(judge);
    oracle.made('k', 'query');
    oracle.ran('k', 'one');
    oracle.resolved('k', oracle.ran('k', 'another'));
    expect(judge.violation).toBeNull();
  });
});

describe('a stream', () => {
  it('gives its items in order, all of them when it ends', () => {
    const oracle = new StreamOracle(judge);
    oracle.item('k', 0);
    oracle.item('k', 1);
    oracle.ended('k', 2);
    expect(judge.violation).toBeNull();
  });

  it.each<[string, (oracle: StreamOracle) => void]>([
    ['leaves an item out', (oracle) => [oracle.item('k', 0), oracle.item('k', 2)]],
    ['gives one twice', (oracle) => [oracle.item('k', 0), oracle.item('k', 0)]],
    ['ends early', (oracle) => [oracle.item('k', 0), oracle.ended('k', 2)]],
  ])('is complained about when it %s', (_name, misbehave) => {
    misbehave(new StreamOracle(judge));
    expect(judge.violation?.oracle).toBe('streams');
  });
});

it('writes a publication with a key again only where the broker has lost it', () => {
  const oracle = new CallOracle(judge);
  oracle.made('a', 'idempotent publish');
  oracle.ran('a', 'the log');
  append('a', 'key');
  log.failOver(1);
  expect(lost).toEqual(['a']);
  oracle.lost('a');
  oracle.ran('a', 'the log');
  expect(judge.violation).toBeNull();
  oracle.ran('a', 'the log');
  expect(judge.violation?.text).toContain('a ran twice');
});
