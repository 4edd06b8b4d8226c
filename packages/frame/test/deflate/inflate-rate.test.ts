import { expect, it } from 'vitest';
import { InflateRate } from '../../src/deflate/inflate-rate.ts';
import { Opcode } from '../../src/opcode.ts';
import { TestMachine } from '../test-machine.ts';
import { ManualCodec } from './manual-codec.ts';
import { deflated, messageDeflate } from './zlib-codec.ts';

it('allows ten seconds of the rate at once, and the rate from then on', () => {
  const rate = new InflateRate(1_000, 1);
  expect(rate.count(10_000, 5_000)).toBe(0);
  for (let second = 6; second < 100; second++) expect(rate.count(1_000, second * 1_000)).toBe(0);
  expect(rate.count(500, 99_000)).toBe(500);
});

it('forgets what was long ago, and saves up no more than that', () => {
  const rate = new InflateRate(1_000, 1);
  rate.count(10_000, 0);
  rate.count(10_000, 10_000);
  expect(rate.count(10_000, 1_000_000)).toBe(0);
  expect(rate.count(1, 1_000_000)).toBe(1);
});

it('always allows one message', () => {
  const rate = new InflateRate(1, 50_000);
  expect(rate.count(50_000, 0)).toBe(0);
  expect(rate.count(1, 0)).toBe(1_000);
});

it.each([
  ['at once', Number.POSITIVE_INFINITY],
  ['beside the thread', 100],
])('has the peer read no further until its time has come, where messages are inflated %s', (_, asyncThresholdBytes) => {
  const codec = new ManualCodec();
  const setup = { inflater: codec.inflater, asyncThresholdBytes, maxInflatedBytesPerSecond: 1_000 };
  const server = new TestMachine('server', { maxMessageBytes: 2_000 }, messageDeflate('server', {}, setup));
  const news = () => server.news().map(([what, value]) => (what === 'held' ? `${what} ${value}` : what));
  const receive = () => {
    server.receive(Opcode.Binary, deflated(new Uint8Array(2_000)), true, 4);
    codec.finishAll();
  };
  for (let count = 0; count < 5; count++) receive();
  expect(news().filter((what) => what === 'binary')).toHaveLength(5);
  expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  receive();
  // It is delivered, and nothing behind it is.
  expect(news()).toContain('binary');
  receive();
  server.receive(Opcode.Text, new TextEncoder().encode('behind'));
  expect(news()).toEqual([]);
  server.advance(1_999);
  expect(news()).toEqual([]);
  server.advance(1);
  codec.finishAll();
  // The next one is taken, and is too much again.
  expect(news()).toContain('binary');
  server.advance(2_000);
  expect(news()).toEqual(['text', 'held false']);
  expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  expect(server.machine.state).toBe('open');
});

it('counts what is compressed, and nothing else', () => {
  const setup = { maxInflatedBytesPerSecond: 1 };
  const server = new TestMachine('server', { maxMessageBytes: 1_000 }, messageDeflate('server', {}, setup));
  for (let count = 0; count < 100; count++) server.receive(Opcode.Binary, new Uint8Array(1_000));
  server.receive(Opcode.Binary, deflated(new Uint8Array(1_000)), true, 4);
  expect(server.machine.state).toBe('open');
});
