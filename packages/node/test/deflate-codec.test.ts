import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DEFLATE_TAIL } from '@typewire/frame';
import { describe, expect, it } from 'vitest';
import { deflaterFor, inflaterFor } from '../src/deflate-codec.ts';

const effort = { level: 6, memLevel: 8 };
const end = DEFLATE_TAIL.subarray(4);

/** Random bytes that come twice, so far apart. */
function twice(distance: number): Buffer {
  const once = randomBytes(distance);
  return Buffer.concat([once, once.subarray(0, 100)]);
}

describe('a deflater', () => {
  it.each([8, 9, 10, 11, 12, 13, 14, 15])('makes of %i bits what a reader with that window understands', (bits) => {
    const data = Buffer.concat(Array.from({ length: 40 }, (_, index) => twice(20 * (index + 1))));
    const blocks = deflaterFor(bits, effort).deflate(data, null);
    expect(Buffer.from(blocks.subarray(-4)).toString('hex')).toBe('0000ffff');
    // Small chunks, so that zlib must keep what is referred to in a window of its own.
    const read = inflateRawSync(Buffer.concat([blocks, end]), { windowBits: bits, chunkSize: 64 });
    expect(read.equals(data)).toBe(true);
  });

  it('looks back 250 bytes at most for a window of 8 bits, which zlib itself does not have', () => {
    const bytes = (bits: number, distance: number) => deflaterFor(bits, effort).deflate(twice(distance), null).length;
    expect(bytes(8, 250)).toBeLessThan(250 + 40);
    expect(bytes(8, 251)).toBeGreaterThan(250 + 90);
    expect(bytes(15, 251)).toBeLessThan(250 + 40);
    const history = randomBytes(256);
    const deflate = (start: number) => deflaterFor(8, effort).deflate(history.subarray(start, start + 60), history);
    expect(deflate(100).length).toBeLessThan(20);
    expect(deflate(0).length).toBeGreaterThan(50);
  });

  it('refers to the history it is given', () => {
    const history = randomBytes(1_000);
    expect(deflaterFor(12, effort).deflate(history, history).length).toBeLessThan(50);
    expect(deflaterFor(12, effort).deflate(history, null).length).toBeGreaterThan(1_000);
  });

  it('is one object for the same settings', () => {
    expect(deflaterFor(12, { level: 3, memLevel: 5 })).toBe(deflaterFor(12, { level: 3, memLevel: 5 }));
    const others = [deflaterFor(11, effort), deflaterFor(12, effort), deflaterFor(12, { level: 3, memLevel: 4 })];
    expect(new Set(others).size).toBe(3);
    expect(inflaterFor(12)).toBe(inflaterFor(12));
  });
});

describe('an inflater', () => {
  const hello = deflateRawSync('Hello');

  it('says where the final block ends', () => {
    const outcome = inflaterFor(15).inflate(Buffer.concat([hello, hello]), null, 100);
    expect(outcome).toMatchObject({ type: 'done', readBytes: hello.length });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no final block', deflateRawSync('Hello', { finishFlush: 2 })],
    ['a reserved block', Buffer.from('ffff', 'hex')],
    ['a distance beyond the beginning', Buffer.from('f200110000', 'hex')],
  ])('calls corrupt: %s', (_, bytes) => {
    expect(inflaterFor(15).inflate(bytes, null, 100)).toMatchObject({ type: 'corrupt', cause: expect.any(Error) });
  });

  it.each([0, 1, 4])('gives up above %i bytes', (maxBytes) => {
    expect(inflaterFor(15).inflate(hello, null, maxBytes).type).toBe('too-big');
  });

  it('takes any limit', () => {
    for (const maxBytes of [5, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(inflaterFor(15).inflate(hello, null, maxBytes).type).toBe('done');
    }
  });

  it('never has more than one chunk above the limit', () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * 1_048_576), { level: 9 });
    const limit = 1_048_576;
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 20; round++) expect(inflaterFor(15).inflate(bomb, null, limit).type).toBe('too-big');
    // Whatever has not been collected yet included: inflating all of it once would be 64 MiB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * (limit + 2 * 65_536));
  });
});
