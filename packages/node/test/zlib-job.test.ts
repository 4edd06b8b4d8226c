import { AsyncLocalStorage } from 'node:async_hooks';
import { createDeflateRaw, createInflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { MAX_ZLIB_JOBS, ZlibJob, type ZlibOutcome } from '../src/zlib-job.ts';
import { turn, until } from './socket-pair.ts';

const data = Buffer.from('what is compressed here '.repeat(5_000));

function job(input: Uint8Array = data, maxBytes = Number.POSITIVE_INFINITY) {
  const outcomes: ZlibOutcome[] = [];
  const started = new ZlibJob(
    () => createDeflateRaw(),
    input,
    maxBytes,
    (outcome) => outcomes.push(outcome),
  );
  return { outcomes, started };
}

afterEach(() => until(() => ZlibJob.load.underWay === 0 && ZlibJob.load.waiting === 0));

it('gives what zlib makes of the bytes, later and once', async () => {
  const { outcomes } = job();
  expect(outcomes).toEqual([]);
  await until(() => outcomes.length > 0);
  const [outcome] = outcomes;
  if (outcome?.type !== 'done') return expect.unreachable();
  expect(inflateRawSync(outcome.bytes).equals(data)).toBe(true);
  expect(outcome.readBytes).toBe(data.length);
});

it('runs so many at once, and begins the others in the order in which they came', async () => {
  const begun: number[] = [];
  let [done, most] = [0, 0];
  const count = MAX_ZLIB_JOBS * 5;
  for (let index = 0; index < count; index++) {
    const create = () => {
      begun.push(index);
      return createDeflateRaw();
    };
    new ZlibJob(create, data, Number.POSITIVE_INFINITY, () => {
      most = Math.max(most, ZlibJob.load.underWay);
      done++;
    });
  }
  expect(ZlibJob.load).toEqual({ underWay: MAX_ZLIB_JOBS, waiting: MAX_ZLIB_JOBS * 4 });
  await until(() => done === count);
  expect(most).toBe(MAX_ZLIB_JOBS);
  expect(begun).toEqual(Array.from({ length: count }, (_, index) => index));
});

it('tells nothing after it was cancelled, and lets the next one begin when its thread is done', async () => {
  const jobs = Array.from({ length: MAX_ZLIB_JOBS + 2 }, () => job());
  for (const { started } of jobs.slice(0, -1)) started.cancel();
  expect(ZlibJob.load).toEqual({ underWay: MAX_ZLIB_JOBS, waiting: 1 });
  await until(() => jobs.at(-1)?.outcomes.length === 1);
  await until(() => ZlibJob.load.underWay === 0);
  expect(jobs.slice(0, -1).flatMap(({ outcomes }) => outcomes)).toEqual([]);
});

it('ends as soon as there is more than it may become', async () => {
  const bomb = deflateRawSync(Buffer.alloc(64 * 1_048_576));
  const outcomes: ZlibOutcome[] = [];
  let stream = createInflateRaw({ chunkSize: 65_536 });
  new ZlibJob(
    () => {
      stream = createInflateRaw({ chunkSize: 65_536 });
      return stream;
    },
    bomb,
    100_000,
    (outcome) => outcomes.push(outcome),
  );
  await until(() => outcomes.length > 0);
  for (let count = 0; count < 20; count++) await turn();
  expect(outcomes).toEqual([{ type: 'too-big' }]);
  expect(stream.destroyed).toBe(true);
  expect(stream.bytesWritten).toBeLessThan(bomb.length);
});

it('tells what went wrong, once', async () => {
  const outcomes: ZlibOutcome[] = [];
  const onDone = (outcome: ZlibOutcome) => void outcomes.push(outcome);
  new ZlibJob(() => createInflateRaw(), Buffer.alloc(100, 0xff), 1_000, onDone);
  new ZlibJob(
    () => {
      throw new RangeError('Array buffer allocation failed');
    },
    data,
    1_000,
    onDone,
  );
  expect(outcomes).toEqual([]);
  await until(() => outcomes.length === 2);
  for (let count = 0; count < 20; count++) await turn();
  expect(outcomes.map((outcome) => outcome.type)).toEqual(['failed', 'failed']);
});

it('keeps to the context in which it was made, also when another one begins it', async () => {
  const storage = new AsyncLocalStorage<number>();
  const seen: [number, number | undefined][] = [];
  const count = MAX_ZLIB_JOBS * 2;
  for (let index = 0; index < count; index++) {
    storage.run(index, () => {
      new ZlibJob(
        () => createDeflateRaw(),
        data,
        Number.POSITIVE_INFINITY,
        () => seen.push([index, storage.getStore()]),
      );
    });
  }
  await until(() => seen.length === count);
  for (const [index, store] of seen) expect(store).toBe(index);
});
