import { expect, it, vi } from 'vitest';
import { FrameRun } from '../src/frame-run.ts';
import { prepareMessage } from '../src/prepared.ts';
import { connectionPair, inbox, rawPair, turn } from './socket-pair.ts';

it('joins its frames once, for all that are sent the same ones', () => {
  const [a, b, c] = ['a', 'bb', 'ccc'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
  const first = new FrameRun(a);
  const run = first.with(b).with(c);
  expect(Buffer.from(run.bytes).toString()).toBe('abbccc');
  expect(first.with(b).with(c)).toBe(run);
  expect(first.with(b).with(c).bytes).toBe(run.bytes);
  expect(first.bytes, 'one frame is not copied').toBe(a);
  expect(Buffer.from(first.with(c).bytes).toString()).toBe('accc');
  expect(Buffer.from(run.bytes).toString(), 'what came later leaves it as it is').toBe('abbccc');
});

it('is what all connections write that were sent the same in one tick', async () => {
  const pairs = [await rawPair(), await rawPair(), await rawPair()];
  const writes = pairs.map(({ near }) => vi.spyOn(near, 'write'));
  const messages = ['one', 'two', 'three'].map((text) => prepareMessage(text));
  for (const message of messages) for (const { connection } of pairs) connection.sendPrepared(message);
  await turn();
  const written = writes.map(({ mock }) => mock.calls.map(([chunk]) => chunk));
  expect(written.map(({ length }) => length)).toEqual([1, 1, 1]);
  expect(Buffer.from(written[0]?.[0] as Uint8Array).toString('latin1')).toBe('\x81\x03one\x81\x03two\x81\x05three');
  expect(written[1]?.[0]).toBe(written[0]?.[0]);
  expect(written[2]?.[0]).toBe(written[0]?.[0]);
});

it('keeps the order among connections that are sent different things', async () => {
  const pairs = [await connectionPair(), await connectionPair()] as const;
  const boxes = pairs.map(({ client }) => inbox(client));
  const [first, second] = [prepareMessage('first'), prepareMessage('second')];
  const long = prepareMessage('l'.repeat(10_000));
  const want: string[][] = [[], []];
  for (let round = 0; round < 30; round++) {
    for (const [index, { server }] of pairs.entries()) {
      for (const [message, text] of [
        [first, 'first'],
        [long, 'l'.repeat(10_000)],
        [second, 'second'],
      ] as const) {
        if ((round + index) % 3 === 0 && message === second) continue;
        server.sendPrepared(message);
        want[index]?.push(text);
      }
      if ((round * 7 + index) % 5 === 0) {
        server.send(`own ${round}`);
        want[index]?.push(`own ${round}`);
      }
    }
    if (round % 4 === 0) await turn();
  }
  for (const [index, box] of boxes.entries()) expect(await box.take(want[index]?.length ?? 0)).toEqual(want[index]);
});

it('is forgotten with the tick, so that a message that is kept keeps nothing of others', async () => {
  const kept = prepareMessage('kept');
  const run = kept.run;
  expect(kept.run).toBe(run);
  await turn();
  expect(kept.run).not.toBe(run);
});
