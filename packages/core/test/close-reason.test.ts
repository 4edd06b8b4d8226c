import { expect, it } from 'vitest';
import { cutReason } from '../src/close-reason.ts';

it.each([
  ['', ''],
  ['bye', 'bye'],
  ['x'.repeat(123), 'x'.repeat(123)],
  ['x'.repeat(124), 'x'.repeat(123)],
  ['é'.repeat(62), 'é'.repeat(61)],
  ['€'.repeat(42), '€'.repeat(41)],
  [`${'x'.repeat(120)}😀`, 'x'.repeat(120)],
])('cuts %j at 123 bytes, between code points', (reason, cut) => {
  expect(cutReason(reason)).toBe(cut);
});
