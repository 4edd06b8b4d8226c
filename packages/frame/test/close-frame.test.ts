import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createClose, MAX_CLOSE_REASON_BYTES, readClose, reportedCode, writeClose } from '../src/close-frame.ts';
import { platformText } from '../src/text-ops.ts';
import { fromHex, toHex, utf8 } from './bytes.ts';

describe('createClose', () => {
  it('makes an empty close of nothing', () => {
    expect(createClose()).toEqual({ code: null, reason: '' });
  });

  it.each([999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5, Number.NaN])('throws on the code %d', (code) => {
    expect(() => createClose(code)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  it('throws on a reason without a code', () => {
    expect(() => createClose(undefined, 'why')).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  it.each([[new Float32Array(20)], [new Uint8Array(3)], [7], [null], [{}], [Symbol('reason')]])(
    'throws on the reason %o, which is not a string',
    (reason: unknown) => {
      expect(() => Reflect.apply(createClose, undefined, [1000, reason])).toThrow(
        expect.objectContaining({ name: 'UsageError' }),
      );
    },
  );

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })])(
    'cuts any reason to whole code points that fit',
    (reason) => {
      const close = createClose(1000, reason);
      const payload = writeClose(close, platformText);
      expect(payload.length).toBeLessThanOrEqual(MAX_CLOSE_REASON_BYTES + 2);
      expect(reason.startsWith(close.reason)).toBe(true);
      expect(payload.subarray(2)).toEqual(utf8(close.reason));
    },
  );
});

describe('readClose', () => {
  it('reads what writeClose wrote', () => {
    const close = { code: 1001, reason: 'wir schließen' };
    expect(readClose(writeClose(close, platformText), platformText)).toEqual(close);
    expect(toHex(writeClose({ code: 1000, reason: 'done' }, platformText))).toBe('03e8646f6e65');
  });

  it('reads nothing as no code, which is reported as 1005', () => {
    const close = readClose(new Uint8Array(0), platformText);
    expect(close).toEqual({ code: null, reason: '' });
    expect(reportedCode(close)).toBe(1005);
    expect(writeClose(close, platformText).length).toBe(0);
  });

  it.each([
    ['half a code', '03', 'BAD_CLOSE_PAYLOAD'],
    ['1005', '03ed', 'BAD_CLOSE_CODE'],
    ['1006', '03ee', 'BAD_CLOSE_CODE'],
    ['1015', '03f7', 'BAD_CLOSE_CODE'],
    ['0', '0000', 'BAD_CLOSE_CODE'],
    ['65535', 'ffff', 'BAD_CLOSE_CODE'],
    ['a reason that is not UTF-8', '03e8ff', 'INVALID_UTF8'],
    ['a reason cut within a code point', '03e8e282', 'INVALID_UTF8'],
  ])('refuses %s', (_, hex, code) => {
    expect(() => readClose(fromHex(hex), platformText)).toThrow(expect.objectContaining({ code }));
  });
});
