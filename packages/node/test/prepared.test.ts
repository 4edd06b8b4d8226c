import { expect, it } from 'vitest';
import { prepareMessage } from '../src/prepared.ts';

it('is a whole frame, as a server sends it', () => {
  expect(Buffer.from(prepareMessage('Hello').frame).toString('hex')).toBe('810548656c6c6f');
  expect(Buffer.from(prepareMessage(new Uint8Array(126)).frame.subarray(0, 4)).toString('hex')).toBe('827e007e');
});

it('knows its message, for those who must mask it', () => {
  expect(Buffer.from(prepareMessage('ü'.repeat(100)).payload).toString()).toBe('ü'.repeat(100));
  expect(prepareMessage('').payload.length).toBe(0);
});

it('copies, so that the bytes may change afterwards', () => {
  const bytes = new Uint8Array([1]);
  const prepared = prepareMessage(bytes);
  bytes[0] = 2;
  expect(prepared.payload[0]).toBe(1);
});
