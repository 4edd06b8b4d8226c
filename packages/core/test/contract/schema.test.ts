import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Schema, validate } from '../../src/contract/schema.ts';

type Result = ReturnType<Schema['~standard']['validate']>;

/** A validator of the plainest kind. */
function schema(check: (value: unknown) => Result): Schema {
  return { '~standard': { version: 1, vendor: 'test', validate: check } };
}

describe('validating', () => {
  it('gives the value the schema made', () => {
    expect(validate(z.string().trim(), ' x ')).toEqual({ value: 'x' });
  });

  it('stays in this turn of the loop when the schema does', () => {
    expect(validate(z.number(), 1)).not.toBeInstanceOf(Promise);
  });

  it('waits for a schema that waits', async () => {
    const slow = z.string().refine(async (text) => text === 'yes', 'say yes');

    expect(await validate(slow, 'yes')).toEqual({ value: 'yes' });
    expect(await validate(slow, 'no')).toEqual({ issues: [{ message: 'say yes', path: [] }] });
  });

  it.each([undefined, null, 0, '', false])('takes %s for a value like any other', (value) => {
    expect(validate(z.any(), value)).toEqual({ value });
  });

  it('says what is wrong and where', () => {
    const order = z.object({ items: z.array(z.object({ count: z.number() })) });

    expect(validate(order, { items: [{ count: 1 }, { count: 'x' }] })).toEqual({
      issues: [{ message: expect.any(String), path: ['items', 1, 'count'] }],
    });
  });

  it('reads paths of keys, of segments, of symbols and of nothing', () => {
    const issues = [
      { message: 'a', path: ['x', 0] },
      { message: 'b', path: [{ key: 'y' }, { key: 1 }] },
      { message: 'c', path: [Symbol('z'), { key: Symbol('w') }] },
      { message: 'd' },
    ];

    expect(
      validate(
        schema(() => ({ issues })),
        null,
      ),
    ).toEqual({
      issues: [
        { message: 'a', path: ['x', 0] },
        { message: 'b', path: ['y', 1] },
        { message: 'c', path: ['Symbol(z)', 'Symbol(w)'] },
        { message: 'd', path: [] },
      ],
    });
  });

  it('sends nothing of an issue but its message and path', () => {
    const issue = { message: 'bad', path: [], input: 'the secret', received: 'the secret' };

    expect(
      validate(
        schema(() => ({ issues: [issue] })),
        null,
      ),
    ).toEqual({ issues: [{ message: 'bad', path: [] }] });
  });

  it('fails with an empty list of issues, too', () => {
    expect(
      validate(
        schema(() => ({ issues: [] })),
        null,
      ),
    ).toEqual({ issues: [] });
  });

  it('lets a bug in a schema through', async () => {
    const broken = schema(() => {
      throw new RangeError('bug');
    });
    const later = schema(() => Promise.reject(new RangeError('bug')));

    expect(() => validate(broken, null)).toThrow(RangeError);
    await expect(validate(later, null)).rejects.toThrow(RangeError);
  });
});
