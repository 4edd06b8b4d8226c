import { expect, it } from 'vitest';
import { connectionDefaults, connectionSettings } from '../src/connection-options.ts';

it('shares one object among connections without options of their own', () => {
  expect(connectionSettings('server', {})).toBe(connectionDefaults.server);
  expect(connectionSettings('client', {})).toBe(connectionDefaults.client);
});

it('has the documented defaults', () => {
  expect(connectionDefaults.server).toMatchObject({
    maxMessageBytes: 1_048_576,
    maxFragments: 1_024,
    messageTimeoutMs: 30_000,
    closeTimeoutMs: 5_000,
    maxControlFrames: 100,
    highWaterBytes: 65_536,
    maxBufferedBytes: 16_777_216,
    maxStalledBytes: 1_048_576,
    stallTimeoutMs: 10_000,
  });
  expect(connectionDefaults.client.maxMessageBytes).toBe(16_777_216);
});

it('replaces what is given, and takes Infinity for no limit', () => {
  const settings = connectionSettings('server', { maxMessageBytes: 5, maxFragments: Number.POSITIVE_INFINITY });
  expect(settings).toEqual({
    ...connectionDefaults.server,
    maxMessageBytes: 5,
    maxFragments: Number.POSITIVE_INFINITY,
  });
});

it.each([0, -1, Number.NaN, '5', null])('throws on %s', (value) => {
  expect(() => Reflect.apply(connectionSettings, undefined, ['server', { closeTimeoutMs: value }])).toThrow(
    expect.objectContaining({ name: 'UsageError' }),
  );
});
