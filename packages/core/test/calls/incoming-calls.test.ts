import { describe, expect, it } from 'vitest';
import { type AbortReason, IncomingCall } from '../../src/calls/incoming-call.ts';
import { IncomingCalls } from '../../src/calls/incoming-calls.ts';

const outOfOrder = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' });

function begin(
  calls: IncomingCalls,
  id: number,
  options: { timeoutMs?: number; credit?: number | null; now?: number; isUpload?: boolean } = {},
): IncomingCall {
  const { timeoutMs = Number.POSITIVE_INFINITY, credit = 0, now = 0, isUpload = false } = options;
  const call = new IncomingCall(id, now + timeoutMs, credit, isUpload);
  calls.begin(call);
  return call;
}

/** Why each call was aborted, in order. */
function watch(...calls: IncomingCall[]): Array<readonly [id: number, AbortReason]> {
  const aborted: Array<readonly [number, AbortReason]> = [];
  for (const call of calls) call.whenAborted((reason) => void aborted.push([call.id, reason]));
  return aborted;
}

describe('an id', () => {
  it('may skip, for not every call reaches every connection', () => {
    const calls = new IncomingCalls();
    begin(calls, 3);
    begin(calls, 9);

    expect(calls.size).toBe(2);
  });

  it.each([1, 2, 3])('is refused when it is not above the last: %i after 3', (id) => {
    const calls = new IncomingCalls();
    begin(calls, 3);

    expect(() => begin(calls, id)).toThrow(outOfOrder);
    expect(calls.size).toBe(1);
  });

  it('is refused again after its call has finished', () => {
    const calls = new IncomingCalls();
    calls.finish(begin(calls, 1));

    expect(() => begin(calls, 1)).toThrow(outOfOrder);
  });

  it('is taken by requests that have no call, too', () => {
    const calls = new IncomingCalls();
    calls.takeId(5);

    expect(calls.size).toBe(0);
    expect(() => begin(calls, 5)).toThrow(outOfOrder);
    expect(() => calls.takeId(4)).toThrow(outOfOrder);
  });
});

describe('a call', () => {
  it('is aborted when its caller cancels it', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1);
    const aborted = watch(call);
    calls.cancel(1);
    calls.cancel(1);

    expect(aborted).toEqual([[1, 'cancelled']]);
    expect(call.abortReason).toBe('cancelled');
  });

  it.each(['cancelled', 'timeout', 'disconnected'] as const)('counts until it has finished, though %s', (reason) => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { timeoutMs: 1_000, credit: 8 });
    if (reason === 'cancelled') calls.cancel(1);
    else if (reason === 'timeout') calls.tick(1_000);
    else calls.abortAll();

    expect(call.abortReason).toBe(reason);
    expect([calls.size, calls.streams]).toEqual([1, 1]);
    calls.finish(call);
    calls.finish(call);
    expect([calls.size, calls.streams]).toEqual([0, 0]);
  });

  it('tells everybody who listens, but those who no longer do', () => {
    const call = begin(new IncomingCalls(), 1);
    const told: string[] = [];
    call.whenAborted(() => void told.push('first'));
    const forget = call.whenAborted(() => void told.push('second'));
    call.whenAborted(() => void told.push('third'));
    forget();
    call.abort('cancelled');

    expect(told).toEqual(['first', 'third']);
  });

  it('is not aborted by a cancel that crosses its answer, nor by one for a call that never was', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1);
    const aborted = watch(call);
    calls.finish(call);
    calls.cancel(1);
    calls.cancel(77);

    expect(aborted).toEqual([]);
  });

  it('is aborted once, with the first reason', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { timeoutMs: 5_000 });
    const aborted = watch(call);
    calls.tick(5_000);
    call.abort('cancelled');
    calls.abortAll();

    expect(aborted).toEqual([[1, 'timeout']]);
  });

  it('remembers the reason when nobody listened', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1);
    calls.abortAll();

    expect(call.abortReason).toBe('disconnected');
  });

  it('is aborted with every other when the session is gone', () => {
    const calls = new IncomingCalls();
    const aborted = watch(begin(calls, 1), begin(calls, 2));
    calls.abortAll();

    expect(aborted).toEqual([
      [1, 'disconnected'],
      [2, 'disconnected'],
    ]);
  });

  it('may finish others while it is aborted', () => {
    const calls = new IncomingCalls();
    const [first, second] = [begin(calls, 1), begin(calls, 2)];
    first.whenAborted(() => calls.finish(second));
    calls.abortAll();

    expect(second.abortReason).toBe('disconnected');
  });
});

describe('a deadline', () => {
  it('aborts the call at its moment', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { timeoutMs: 5_000, now: 1_000 });
    const aborted = watch(call);
    calls.tick(5_999);
    expect(aborted).toEqual([]);
    calls.tick(6_000);

    expect(aborted).toEqual([[1, 'timeout']]);
  });

  it('is none when the caller waits for ever', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1);

    expect(call.deadline).toBe(Number.POSITIVE_INFINITY);
    expect(calls.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the earliest of all', () => {
    const calls = new IncomingCalls();
    begin(calls, 1, { timeoutMs: 9_000 });
    const short = begin(calls, 2, { timeoutMs: 5_000 });
    begin(calls, 3, { timeoutMs: 7_000 });
    expect(calls.deadline).toBe(5_000);

    calls.finish(short);
    calls.tick(5_000);
    expect(calls.deadline).toBe(7_000);
    calls.tick(10_000);
    expect(calls.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('may be as far away as a number can say', () => {
    const calls = new IncomingCalls();
    begin(calls, 1, { timeoutMs: Number.MAX_SAFE_INTEGER, now: 1_000 });
    calls.tick(2_000);

    expect(calls.size).toBe(1);
  });
});

describe('credit', () => {
  it('begins with what the caller gave and wakes who waits for more', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { credit: 8 });
    let woken = 0;
    call.onCredit = () => void woken++;
    calls.addCredit(1, 4);

    expect(call.credit).toBe(12);
    expect(woken).toBe(1);
  });

  it('stays a number that counts exactly, whatever is given', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { credit: Number.MAX_SAFE_INTEGER });
    calls.addCredit(1, Number.MAX_SAFE_INTEGER);

    expect(call.credit).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('for a call that is no stream is ignored', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { credit: null });
    calls.addCredit(1, 5);

    expect(call.credit).toBe(0);
    expect(calls.streams).toBe(0);
  });

  it('for a call that has finished is ignored', () => {
    const calls = new IncomingCalls();
    const call = begin(calls, 1, { credit: 1 });
    calls.finish(call);
    calls.addCredit(1, 5);
    calls.addCredit(99, 5);

    expect(call.credit).toBe(1);
  });
});
