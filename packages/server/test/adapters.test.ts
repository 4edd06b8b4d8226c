import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type AttachOptions, attach, listen } from '../src/adapters/node.ts';
import { createWire, typewire } from '../src/index.ts';
import { RawSocket } from './raw-socket.ts';

const newWire = () => createWire({ router: typewire().router({}) });

/** A server on loopback; gives the statuses with which it answers requests with these headers. */
async function serve(options: AttachOptions = {}) {
  const http = createServer();
  const attached = attach(http, newWire(), options);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    await attached.close();
    http.close();
  });
  return knock((http.address() as AddressInfo).port);
}

function knock(port: number) {
  return async (headers: Readonly<Record<string, string>>): Promise<number> => {
    const raw = new RawSocket(port);
    onTestFinished(() => void raw.socket.destroy());
    return raw.upgrade('/wire', headers);
  };
}

function warnings() {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  return () => warn.mock.calls.map(([text]) => String(text));
}

it('refuses the app of a framework, to which nobody would ever connect', () => {
  const app = Object.assign(() => {}, { on: () => {}, listen: () => {} });
  expect(() => attach(app as never, newWire())).toThrow(/createServer\(app\)/);
  expect(() => attach(undefined as never, newWire())).toThrow(/node:http/);
});

it('says once which origin it refused, and by which option it would be let in', async () => {
  const warned = warnings();
  const ask = await serve();
  for (const origin of ['https://a.example', 'https://b.example', 'https://a.example']) {
    expect(await ask({ Origin: origin })).toBe(403);
  }
  expect(warned()).toEqual([
    expect.stringContaining('"https://a.example"'),
    expect.stringContaining("origins: ['same-host', 'https://b.example']"),
  ]);
});

it('names missingOrigin when a program brings a cookie without an origin', async () => {
  const warned = warnings();
  const ask = await serve();
  expect(await ask({ Cookie: 'a=b' })).toBe(403);
  expect(await ask({ Cookie: 'c=d' })).toBe(403);
  expect(warned()).toEqual([expect.stringContaining('missingOrigin')]);
});

it('does not let strangers fill the log: 20 origins, and not all of a long one', async () => {
  const warned = warnings();
  const ask = await serve();
  for (let count = 0; count < 25; count++) await ask({ Origin: `https://${count}.example/${'x'.repeat(1_000)}` });
  expect(warned()).toHaveLength(20);
  expect(Math.max(...warned().map((text) => text.length))).toBeLessThan(1_000);
});

it('suggests nothing for what no list can hold', async () => {
  const warned = warnings();
  const ask = await serve();
  for (const origin of ['null', "https://a.example'"]) await ask({ Origin: origin });
  expect(warned()).toEqual([
    expect.stringMatching(/a page of "null"; see the option origins$/),
    expect.stringMatching(/see the option origins$/),
  ]);
});

it('leaves it to onRefused where there is one', async () => {
  const warned = warnings();
  const onRefused = vi.fn();
  const ask = await serve({ onRefused });
  await ask({ Origin: 'https://a.example' });
  expect(onRefused).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'ORIGIN_REFUSED' }),
    expect.objectContaining({ origin: 'https://a.example' }),
  );
  expect(warned()).toEqual([]);
});

it('does not call other refusals a question of origins', async () => {
  const warned = warnings();
  const ask = await serve({ verify: () => false });
  expect(await ask({})).toBe(403);
  expect(warned()).toEqual([]);
});

it.each([true, false])('does the same on a port of its own, with onRefused: %s', async (given) => {
  const warned = warnings();
  const onRefused = vi.fn();
  const listening = await listen(newWire(), { host: '127.0.0.1', port: 0, ...(given ? { onRefused } : {}) });
  onTestFinished(() => listening.close());
  expect(await knock(listening.port)({ Origin: 'https://a.example' })).toBe(403);
  expect([warned().length, onRefused.mock.calls.length]).toEqual(given ? [0, 1] : [1, 0]);
});
