import { createServer } from 'node:http';
import { acceptUpgrade, connect, createUpgradeGate, deflateDefaults, listen } from '@typewire/node';
import { describe, expect, it } from 'vitest';
import { deflateSettings } from '../src/deflate-options.ts';

const badOption = expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' });

it('is off unless it is asked for', () => {
  expect(deflateSettings('server')).toBeNull();
  expect(deflateSettings('client', false)).toBeNull();
});

it('has the documented defaults', () => {
  const server = {
    thresholdBytes: 1_024,
    asyncThresholdBytes: 65_536,
    maxInflatedBytesPerSecond: 1_048_576,
    level: 3,
    memLevel: 5,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    serverMaxWindowBits: 12,
    clientMaxWindowBits: 12,
  };
  const client = { ...server, serverMaxWindowBits: 15, maxInflatedBytesPerSecond: Number.POSITIVE_INFINITY };
  expect(deflateDefaults).toEqual({ server, client });
  expect(deflateSettings('server', true)).toBe(deflateDefaults.server);
  expect(deflateSettings('client', {})).toEqual(deflateDefaults.client);
});

it('replaces what is given', () => {
  expect(deflateSettings('server', { level: 9, thresholdBytes: 0, serverMaxWindowBits: 8 })).toEqual({
    ...deflateDefaults.server,
    level: 9,
    thresholdBytes: 0,
    serverMaxWindowBits: 8,
  });
  expect(Reflect.apply(deflateSettings, undefined, ['server', { level: undefined }])).toEqual(deflateDefaults.server);
});

describe.each<unknown>([
  1,
  'on',
  null,
  { level: 0 },
  { level: 10 },
  { level: 1.5 },
  { level: '6' },
  { memLevel: 0 },
  { memLevel: 10 },
  { thresholdBytes: -1 },
  { thresholdBytes: Number.NaN },
  { thresholdBytes: '1kb' },
  { asyncThresholdBytes: -1 },
  { asyncThresholdBytes: Number.NaN },
  { asyncThresholdBytes: null },
  { maxInflatedBytesPerSecond: 0 },
  { maxInflatedBytesPerSecond: '1 MiB' },
  { serverMaxWindowBits: 7 },
  { serverMaxWindowBits: 16 },
  { clientMaxWindowBits: true },
  { serverNoContextTakeover: 'yes' },
  { clientNoContextTakeover: 0 },
  // What ws calls its options.
  { threshold: 1_024 },
  { zlibDeflateOptions: {} },
  { concurrencyLimit: 10 },
  { constructor: 1 },
])('perMessageDeflate: %j', (perMessageDeflate) => {
  const options = { port: 0, perMessageDeflate } as never;

  it('is refused at once wherever it is given', () => {
    expect(() => listen(options)).toThrow(badOption);
    expect(() => connect('ws://127.0.0.1:1', options)).toThrow(badOption);
    expect(() => createUpgradeGate(createServer()).mount('/', options, () => {})).toThrow(badOption);
    expect(() => Reflect.apply(acceptUpgrade, undefined, [{}, {}, Buffer.alloc(0), options])).toThrow(badOption);
  });
});

it('names what is wrong', () => {
  expect(() => Reflect.apply(deflateSettings, undefined, ['server', { threshold: 1 }])).toThrow(
    'perMessageDeflate has no option threshold',
  );
  expect(() => deflateSettings('server', { memLevel: 12 })).toThrow('perMessageDeflate.memLevel must be');
  expect(() => deflateSettings('server', { serverMaxWindowBits: 7 })).toThrow('serverMaxWindowBits must be');
});
