import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '../../src/contract/contract.ts';

const text = z.string();
const number = z.number();

describe('a procedure', () => {
  it.each(['query', 'mutation', 'stream'] as const)('is a %s with its schemas', (kind) => {
    const procedure = contract.input(text).output(number).errors({ FULL: number })[kind]();

    expect(procedure).toEqual({
      '~kind': kind,
      '~definition': { input: text, output: number, errors: { FULL: number }, chunk: null },
    });
  });

  it('may have no schema at all', () => {
    expect(contract.query()['~definition']).toEqual({ input: null, output: null, errors: {}, chunk: null });
  });

  it('gathers errors, the later of a name winning', () => {
    const procedure = contract.errors({ FULL: number, GONE: text }).errors({ GONE: number }).query();

    expect(procedure['~definition'].errors).toEqual({ FULL: number, GONE: number });
  });

  it('leaves the builder it came from as it was', () => {
    const base = contract.errors({ FULL: number });
    base.input(text).errors({ GONE: text }).query();

    expect(base.query()['~definition']).toEqual({ input: null, output: null, errors: { FULL: number }, chunk: null });
  });
});

describe('a channel', () => {
  it('names a topic when it is called', () => {
    const room = contract.channel({ params: z.object({ room: text }), event: text });

    expect(room({ room: 'lobby' })).toEqual({ channel: room, params: { room: 'lobby' } });
    expect(room['~kind']).toBe('channel');
  });

  it('without parameters is one topic', () => {
    const news = contract.channel({ event: text });

    expect(news()).toEqual({ channel: news, params: undefined });
    expect(news['~definition']).toEqual({
      params: null,
      event: text,
      history: null,
      snapshot: null,
      presence: null,
      errors: {},
    });
  });

  it.each([
    [{}, { size: 100, ttlMs: 300_000, bytes: 1_048_576 }],
    [
      { size: 5, bytes: 10 },
      { size: 5, ttlMs: 300_000, bytes: 10 },
    ],
    [{ ttlMs: Number.POSITIVE_INFINITY }, { size: 100, ttlMs: Number.POSITIVE_INFINITY, bytes: 1_048_576 }],
  ])('fills in what its history leaves out: %j', (history, filled) => {
    expect(contract.channel({ event: text, history })['~definition'].history).toEqual(filled);
  });

  it.each([{ size: -1 }, { ttlMs: Number.NaN }, { bytes: '1kB' as unknown as number }, { length: 5 } as object])(
    'refuses a history that makes no sense: %j',
    (history) => {
      expect(() => contract.channel({ event: text, history })).toThrow(/history\.\w+/);
    },
  );
});
