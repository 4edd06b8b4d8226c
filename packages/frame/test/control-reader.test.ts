import { expect, it } from 'vitest';
import { ControlReader } from '../src/control-reader.ts';
import { utf8 } from './bytes.ts';

it('copies a payload that lies in one piece', () => {
  const chunk = utf8('..ping..');
  const payload = new ControlReader().push(chunk, 2, 6, true);
  chunk.fill(0);
  expect(payload).toEqual(utf8('ping'));
});

it('joins pieces, and begins anew with the next frame', () => {
  const reader = new ControlReader();
  expect(reader.push(utf8('pi'), 0, 2, false)).toBeNull();
  expect(reader.push(utf8(''), 0, 0, false)).toBeNull();
  expect(reader.push(utf8('ng'), 0, 2, true)).toEqual(utf8('ping'));
  expect(reader.push(utf8('x'), 0, 1, true)).toEqual(utf8('x'));
  expect(reader.push(utf8(''), 0, 0, true)).toEqual(utf8(''));
});
