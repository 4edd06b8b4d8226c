import { expect, it } from 'vitest';
import { CallError, ProtocolError } from '../src/errors.ts';
import { safe } from '../src/safe.ts';

const full = new CallError('ROOM_FULL', 'full', { data: { limit: 50 }, delivery: 'answered' });

it('turns a result into a value', async () => {
  expect(await safe(Promise.resolve('hi'))).toEqual({ ok: true, value: 'hi' });
});

it.each([undefined, null, 0, '', false])('is ok with %s', async (value) => {
  expect(await safe(Promise.resolve(value))).toEqual({ ok: true, value });
});

it('turns a failed call into its error', async () => {
  const result = await safe(Promise.reject(full));

  expect(result).toEqual({ ok: false, error: full });
});

it('knows a call error from another copy of the package', async () => {
  const foreign = Object.assign(new Error('full'), { name: 'CallError', code: 'ROOM_FULL' });

  expect(await safe(Promise.reject(foreign))).toEqual({ ok: false, error: foreign });
});

it.each([new TypeError('bug'), new ProtocolError('MALFORMED', ''), 'text', undefined, 0])(
  'still throws what is no call error: %s',
  async (thrown) => {
    await expect(safe(Promise.reject(thrown))).rejects.toBe(thrown);
  },
);
