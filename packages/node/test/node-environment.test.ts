import { fc, test } from '@fast-check/vitest';
import { platformText } from '@typewire/frame';
import { expect, it } from 'vitest';
import { allocate, createMaskKey, nodeText } from '../src/node-environment.ts';

test.prop([
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom('a'.repeat(2_000), 'ä'.repeat(2_000), '\ufeffbom'),
  ),
  fc.nat(9),
  fc.boolean(),
])('does with text what every platform does', (text, offset, asBuffer) => {
  const room = offset + text.length * 3;
  const [ours, theirs] = [asBuffer ? Buffer.alloc(room) : new Uint8Array(room), new Uint8Array(room)];
  const written = nodeText.write(text, ours, offset);
  expect(written).toBe(platformText.write(text, theirs, offset));
  expect(Buffer.from(ours).equals(theirs)).toBe(true);
  expect(nodeText.byteLength(text)).toBe(written);
  const end = offset + written;
  const ascii = ours.subarray(offset, end).every((byte) => byte < 0x80);
  expect(nodeText.decode(ours, offset, end, ascii)).toBe(platformText.decode(theirs, offset, end, ascii));
});

test.prop([fc.uint8Array({ maxLength: 80 })])('agrees on what is UTF-8', (bytes) => {
  expect(nodeText.isUtf8(bytes, 0, bytes.length)).toBe(platformText.isUtf8(bytes, 0, bytes.length));
});

it('draws masking keys that do not repeat', () => {
  const keys = new Set(Array.from({ length: 3_000 }, createMaskKey));
  expect(keys.size).toBeGreaterThan(2_990);
});

it('allocates memory that belongs to nobody else', () => {
  for (const bytes of [0, 1, 100, 5_000]) expect(allocate(bytes).buffer.byteLength).toBe(bytes);
});
