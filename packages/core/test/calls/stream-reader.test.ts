import { settled } from '@typewire/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../src/calls/stream-reader.ts';
import { CallError, ProtocolError } from '../../src/errors.ts';

interface TestReader {
  readonly reader: StreamReader<number>;
  readonly grants: number[];
  cancels(): number;
}

function testReader(window = 8): TestReader {
  const grants: number[] = [];
  let cancels = 0;
  const reader = new StreamReader<number>({
    window,
    grant: (count) => void grants.push(count),
    cancel: () => void cancels++,
  });
  return { reader, grants, cancels: () => cancels };
}

const item = (value: number): unknown => ({ value, done: false });
const done = { value: undefined, done: true };
const lost = (): CallError => new CallError('DISCONNECTED', 'lost', { data: undefined, delivery: 'unknown' });

async function readAll(reader: StreamReader<number>): Promise<number[]> {
  const items: number[] = [];
  for await (const value of reader) items.push(value);
  return items;
}

describe('reading', () => {
  it('gives items in order and then the end', async () => {
    const { reader } = testReader();
    for (const value of [1, 2, 3]) reader.push(value);
    reader.finish(null);

    expect(await readAll(reader)).toEqual([1, 2, 3]);
    expect(await reader.next()).toEqual(done);
  });

  it('waits for items that are not there yet', async () => {
    const { reader } = testReader();
    const reading = readAll(reader);
    reader.push(1);
    await settled();
    reader.push(2);
    reader.finish(null);

    expect(await reading).toEqual([1, 2]);
  });

  it('serves several waiters in their order', async () => {
    const { reader } = testReader();
    const reading = Promise.all([reader.next(), reader.next(), reader.next()]);
    reader.push(1);
    reader.push(2);
    reader.finish(null);

    expect(await reading).toEqual([item(1), item(2), done]);
  });

  it('gives falsy items like any other', async () => {
    const reader = new StreamReader<unknown>({ window: 8, grant() {}, cancel() {} });
    for (const value of [undefined, null, 0, '', false]) reader.push(value);
    reader.finish(null);

    const items: unknown[] = [];
    for await (const value of reader) items.push(value);
    expect(items).toEqual([undefined, null, 0, '', false]);
  });

  it('ignores what comes after the end', async () => {
    const { reader } = testReader();
    reader.finish(null);
    reader.push(1);
    reader.finish(lost());

    expect(await reader.next()).toEqual(done);
  });
});

describe('an error', () => {
  it('comes after the items before it, once', async () => {
    const { reader } = testReader();
    reader.push(1);
    reader.finish(lost());

    expect(await reader.next()).toEqual(item(1));
    await expect(reader.next()).rejects.toMatchObject({ code: 'DISCONNECTED' });
    expect(await reader.next()).toEqual(done);
  });

  it('rejects the first of several waiters and ends the others', async () => {
    const { reader } = testReader();
    const reading = Promise.allSettled([reader.next(), reader.next()]);
    reader.finish(lost());

    expect(await reading).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'DISCONNECTED' }) },
      { status: 'fulfilled', value: done },
    ]);
    expect(await reader.next()).toEqual(done);
  });
});

describe('leaving', () => {
  it('cancels the stream and drops what was not read', async () => {
    const { reader, cancels } = testReader();
    for (const value of [1, 2, 3]) reader.push(value);
    for await (const value of reader) if (value === 2) break;

    expect(cancels()).toBe(1);
    expect(reader.queued).toBe(0);
    expect(await reader.next()).toEqual(done);
  });

  it('cancels once', async () => {
    const { reader, cancels } = testReader();
    await reader.return();
    await reader.return();

    expect(cancels()).toBe(1);
  });

  it('cancels nothing after the end', async () => {
    const { reader, cancels } = testReader();
    reader.push(1);
    reader.finish(null);
    await reader.return();

    expect(cancels()).toBe(0);
    expect(await reader.next()).toEqual(done);
  });

  it('drops an error nobody has read', async () => {
    const { reader } = testReader();
    reader.finish(lost());
    await reader.return();

    expect(await reader.next()).toEqual(done);
  });

  it('ends those who wait', async () => {
    const { reader } = testReader();
    const waiting = reader.next();
    await reader.return();

    expect(await waiting).toEqual(done);
  });
});

describe('credit', () => {
  it('is not to be exceeded', async () => {
    const { reader } = testReader(2);
    reader.push(1);
    reader.push(2);
    expect(() => reader.push(3)).toThrow(ProtocolError);
    await reader.next();
    reader.push(3);
    expect(() => reader.push(4)).toThrow(ProtocolError);
    expect(reader.queued).toBe(2);
  });

  it('is granted by half a window for each half that is read', async () => {
    const { reader, grants } = testReader(8);
    for (let value = 0; value < 8; value++) reader.push(value);
    for (let read = 0; read < 3; read++) await reader.next();
    expect(grants).toEqual([]);
    await reader.next();
    expect(grants).toEqual([4]);
    for (let read = 0; read < 4; read++) await reader.next();

    expect(grants).toEqual([4, 4]);
  });

  it('is not granted for items nobody reads', () => {
    const { reader, grants } = testReader(4);
    for (let value = 0; value < 4; value++) reader.push(value);

    expect(grants).toEqual([]);
    expect(reader.queued).toBe(4);
  });

  it('is granted when a waiting reader takes an item', async () => {
    const { reader, grants } = testReader(2);
    const waiting = reader.next();
    reader.push(1);
    await waiting;

    expect(grants).toEqual([1]);
  });

  it.each([1, 2, 3, 7])('never runs dry with a window of %i', async (window) => {
    const { reader, grants } = testReader(window);
    for (let value = 0; value < 100; value++) {
      reader.push(value);
      await reader.next();
      expect(window + grants.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(value + 1);
    }
  });

  it('is not granted once the stream has ended', async () => {
    const { reader, grants } = testReader(2);
    reader.push(1);
    reader.push(2);
    reader.finish(null);
    await readAll(reader);

    expect(grants).toEqual([]);
  });

  it('keeps an obedient sender within the window, however slow the reader', async () => {
    const steps = fc.array(fc.constantFrom('send', 'read'), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), steps, async (window, order) => {
        const { reader, grants } = testReader(window);
        let sent = 0;
        let read = 0;
        for (const step of order) {
          const credit = window + grants.reduce((sum, count) => sum + count, 0) - sent;
          if (step === 'send' && credit > 0) reader.push(sent++);
          if (step === 'read' && reader.queued > 0) expect(await reader.next()).toEqual(item(read++));
          expect(reader.queued).toBeLessThanOrEqual(window);
        }
      }),
      { seed: 3 },
    );
  });
});
