import { expect, it } from 'vitest';
import { decodeMessages } from '../../src/message/decode.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { Outbox } from '../../src/session/outbox.ts';

function flushed(messages: readonly string[]): string[] {
  const sent: string[] = [];
  const outbox = new Outbox();
  for (const message of messages) outbox.push(message);
  outbox.flush((text) => sent.push(String(text)));
  return sent;
}

const cancels = (count: number): string[] => Array.from({ length: count }, (_, index) => `[19,${index + 1}]`);

it('sends nothing when nothing waits', () => {
  expect(flushed([])).toEqual([]);
});

it('sends a lone message as it is', () => {
  expect(flushed(['[19,1]'])).toEqual(['[19,1]']);
});

it('sends several messages in one', () => {
  expect(flushed(['[19,1]', '[23,2,8]'])).toEqual(['[[19,1],[23,2,8]]']);
});

it.each([
  [64, [64]],
  [65, [64, 1]],
  [128, [64, 64]],
  [130, [64, 64, 2]],
])('sends %i messages in batches of %j, in order', (count, sizes) => {
  const sent = flushed(cancels(count));

  const ids = sent.map((text) =>
    [decodeMessages(text, serverShapes)].flat(text.startsWith('[[') ? 1 : 0).map((message) => (message as number[])[1]),
  );
  expect(ids.map((batch) => batch.length)).toEqual(sizes);
  expect(ids.flat()).toEqual(cancels(count).map((_, index) => index + 1));
});

it('ends a batch before it is above 65,536 units, and lets a longer message leave alone', () => {
  const message = (size: number): string => `[17,1,"${'x'.repeat(size - 9)}"]`;
  const small = message(20_000);
  const exact = message(65_536 - 20_003);
  const large = message(70_000);

  expect(flushed([small, small, small, small]).map((text) => text.length)).toEqual([60_004, 20_000]);
  expect(flushed([small, exact]).map((text) => text.length)).toEqual([65_536]);
  expect(flushed([small, `${exact} `]).map((text) => text.length)).toEqual([20_000, 45_534]);
  expect(flushed([small, large, small])).toEqual([small, large, small]);
});

it('keeps what is pushed while it sends for the next time', () => {
  const sent: string[] = [];
  const outbox = new Outbox();
  outbox.push('[19,1]');
  outbox.flush((text) => {
    sent.push(String(text));
    if (text === '[19,1]') outbox.push('[19,2]');
  });

  expect(outbox.isEmpty).toBe(false);
  outbox.flush((text) => sent.push(String(text)));
  expect(sent).toEqual(['[19,1]', '[19,2]']);
});

it('sends bytes alone, in their place', () => {
  const bytes = Uint8Array.of(1);
  const outbox = new Outbox();
  for (const message of ['[19,1]', '[19,2]', bytes, '[19,3]', bytes, bytes]) outbox.push(message);
  const sent: unknown[] = [];
  outbox.flush((message) => sent.push(message));

  expect(sent).toEqual(['[[19,1],[19,2]]', bytes, '[19,3]', bytes, bytes]);
});

it('says how many messages each text is', () => {
  const outbox = new Outbox();
  const sent: unknown[] = [];
  for (const message of ['[19,1]', '[19,2]', new Uint8Array(2), '[19,3]']) outbox.push(message);
  outbox.flush((message, count) => sent.push([String(message), count]));

  expect(sent).toEqual([
    ['[[19,1],[19,2]]', 2],
    ['0,0', 1],
    ['[19,3]', 1],
  ]);
});

it('makes no batch that is larger in bytes than the peer takes, whatever the text', () => {
  const outbox = new Outbox(600);
  for (let index = 0; index < 40; index++) outbox.push(`[17,${index},"${'€'.repeat(10)}"]`);
  const sent: string[] = [];
  outbox.flush((text) => sent.push(String(text)));
  const sizes = sent.map((text) => new TextEncoder().encode(text).length);

  expect(sent.length).toBeLessThan(40);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(600);
});
