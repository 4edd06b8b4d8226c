import { expect, it } from 'vitest';
import { isWireCloseCode } from '../src/close-code.ts';
import { FrameError, isFrameError } from '../src/errors.ts';

it('knows what to close the connection with', () => {
  expect(new FrameError('UNKNOWN_OPCODE', '').closeCode).toBe(1002);
  expect(new FrameError('INVALID_UTF8', '').closeCode).toBe(1007);
  expect(new FrameError('TOO_MANY_FRAGMENTS', '').closeCode).toBe(1008);
  expect(new FrameError('PAYLOAD_TOO_BIG', '').closeCode).toBe(1009);
  expect(new FrameError('TOO_SLOW', '').closeCode).toBe(4008);
});

it('has a code for the wire for everything but a close that was not answered', () => {
  expect(isWireCloseCode(new FrameError('CLOSE_TIMEOUT', '').closeCode)).toBe(false);
  expect(isWireCloseCode(new FrameError('MESSAGE_TIMEOUT', '').closeCode)).toBe(true);
});

it('is recognised by name, so that two copies of the package get along', () => {
  class Other extends Error {
    override readonly name = 'FrameError';
  }
  expect(isFrameError(new Other())).toBe(true);
  expect(isFrameError(new Error('no'))).toBe(false);
  expect(isFrameError({ name: 'FrameError' })).toBe(false);
});
