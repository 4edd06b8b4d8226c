import { expect, it } from 'vitest';
import { InflateRate } from '../../src/deflate/inflate-rate.ts';
import { Opcode } from '../../src/opcode.ts';
import { TestMachine } from '../test-machine.ts';
import { ManualCodec } from './manual-codec.ts';
import { deflated, messageDeflate } from './zlib-codec.ts';

const tooFast = expect.objectContaining({ code: 'INFLATED_TOO_FAST' });

it('allows ten seconds of the rate at once, and the rate from then on', () => {
  const rate = new InflateRate(1_000, 1);
  rate.count(10_000, 5_000);
  for (let second = 6; second < 100; second++) rate.count(1_000, second * 1_000);
  expect(() => rate.count(1, 99_000)).toThrow(tooFast);
});

it('forgets what was long ago, and saves up no more than that', () => {
  const rate = new InflateRate(1_000, 1);
  rate.count(10_000, 0);
  rate.count(10_000, 10_000);
  rate.count(10_000, 1_000_000);
  expect(() => rate.count(1, 1_000_000)).toThrow(tooFast);
});

it('always allows one message', () => {
  const rate = new InflateRate(1, 50_000);
  rate.count(50_000, 0);
  expect(() => rate.count(1, 0)).toThrow(tooFast);
});

it.each([
  ['at once', Number.POSITIVE_INFINITY],
  ['beside the thread', 100],
])(
  'closes the connection with 1008 and the name of the option, where messages are inflated %s',
  (_, asyncThresholdBytes) => {
    const codec = new ManualCodec();
    const setup = { inflater: codec.inflater, asyncThresholdBytes, maxInflatedBytesPerSecond: 1_000 };
    const server = new TestMachine('server', { maxMessageBytes: 2_000 }, messageDeflate('server', {}, setup));
    const receive = () => {
      server.receive(Opcode.Binary, deflated(new Uint8Array(2_000)), true, 4);
      codec.finishAll();
      return server
        .news()
        .filter(([what]) => what !== 'held')
        .map(([what]) => what);
    };
    for (let count = 0; count < 5; count++) expect(receive()).toEqual(['binary']);
    server.advance(2_000);
    expect(receive()).toEqual(['binary']);
    server.advance(1_999);
    expect(receive()).toEqual(['send', 'end']);
    const reason = 'messages inflate to more than maxInflatedBytesPerSecond (1000)';
    server.machine.eof();
    expect(server.news()).toEqual([
      ['closed', { code: 1008, reason, clean: false, error: expect.objectContaining({ code: 'INFLATED_TOO_FAST' }) }],
    ]);
  },
);

it('counts what is compressed, and nothing else', () => {
  const setup = { maxInflatedBytesPerSecond: 1 };
  const server = new TestMachine('server', { maxMessageBytes: 1_000 }, messageDeflate('server', {}, setup));
  for (let count = 0; count < 100; count++) server.receive(Opcode.Binary, new Uint8Array(1_000));
  server.receive(Opcode.Binary, deflated(new Uint8Array(1_000)), true, 4);
  expect(server.machine.state).toBe('open');
});
