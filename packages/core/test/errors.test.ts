import { describe, expect, it } from 'vitest';
import { CallError, isCallError, ProtocolError, UsageError } from '../src/errors.ts';

describe('a call error', () => {
  it('says what failed, with what data, and whether it ran', () => {
    const error = new CallError('ROOM_FULL', 'full', { data: { limit: 50 }, delivery: 'answered' });

    expect(error).toMatchObject({ name: 'CallError', code: 'ROOM_FULL', message: 'full', data: { limit: 50 } });
    expect(error.delivery).toBe('answered');
  });

  it('keeps its cause, and has none when there is none', () => {
    const cause = new Error('cut');

    expect(new CallError('X', '', { data: null, delivery: 'unknown', cause }).cause).toBe(cause);
    expect('cause' in new CallError('X', '', { data: null, delivery: 'unknown' })).toBe(false);
  });
});

it.each([
  ['another error', new Error('x'), false],
  ['a misuse', new UsageError('BAD_OPTION', ''), false],
  ['a broken protocol', new ProtocolError('MALFORMED', ''), false],
  ['an object that looks like one', { name: 'CallError' }, false],
  ['nothing', undefined, false],
  ['a call error', new CallError('X', '', { data: null, delivery: 'unknown' }), true],
])('tells a call error from %s', (_name, value, isOne) => {
  expect(isCallError(value)).toBe(isOne);
});
