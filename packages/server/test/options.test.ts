import { UsageError } from '@typewire/core';
import { expect, it } from 'vitest';
import { createWire, typewire, type WireSettings } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

const t = typewire();
const router = t.router({ one: t.query(() => 1) });

it.each<[string, WireSettings]>([
  ['limits.maxSubscriptions', { limits: { maxSubscriptions: Number.NaN } }],
  ['limits.maxStreams', { limits: { maxStreams: -1 } }],
  ['limits.maxCallsInFlight', { limits: { maxCallsInFlight: 0 } }],
  ['limits.maxMessageBytes', { limits: { maxMessageBytes: '1mb' as unknown as number } }],
  ['limits.maxMesageBytes', { limits: { maxMesageBytes: 1 } as object }],
  ['limits.constructor', { limits: { constructor: 1 } as object }],
  ['heartbeat.intervalMs', { heartbeat: { intervalMs: -5 } }],
  ['heartbeat.interval', { heartbeat: { interval: 5 } as object }],
  ['sessions.resumableMs', { sessions: { resumableMs: null as unknown as number } }],
  ['sessions.maxDetached', { sessions: { maxDetached: Number.NEGATIVE_INFINITY } }],
])('refuses an unusable %s by its name', (name, settings) => {
  expect(() => createWire({ router, ...settings })).toThrow(UsageError);
  expect(() => createWire({ router, ...settings })).toThrow(name);
});

it('takes undefined for the default', () => {
  const limits = { maxStreams: undefined } as object;
  expect(createWire({ router, limits }).limits.maxStreams).toBe(128);
});

it('welcomes with whole numbers, the largest where there is no limit', async () => {
  const { settings } = served();
  const wire = createWire({
    router,
    ...settings,
    limits: { maxSubscriptions: Number.POSITIVE_INFINITY, maxMessageBytes: 1_000.5 },
    heartbeat: { intervalMs: Number.POSITIVE_INFINITY, timeoutMs: 1_500.9 },
    sessions: { resumableMs: Number.POSITIVE_INFINITY },
  });
  const client = new RawClient(wire);

  await client.send([1, 1, { control: false }]);

  expect(client.take()[0]?.[2]).toMatchObject({
    maxSubscriptions: Number.MAX_SAFE_INTEGER,
    maxMessageBytes: 1_000,
    heartbeatIntervalMs: Number.MAX_SAFE_INTEGER,
    heartbeatTimeoutMs: 1_500,
    resumableMs: Number.MAX_SAFE_INTEGER,
  });
  await client.send([16, 1, 'one', 0]);
  expect(client.take()).toEqual([[17, 1, 1]]);
});
