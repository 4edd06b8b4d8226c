import { fc, test } from '@fast-check/vitest';
import { applyMask } from '@typewire/frame';
import { expect } from 'vitest';
import { nodeMaskWide } from '../src/mask-wide.ts';

test.prop([fc.uint8Array({ maxLength: 200 }), fc.nat(17), fc.nat(9), fc.integer(), fc.nat(9)])(
  'masks as every platform does, at any alignment and phase, and leaves the neighbours alone',
  (payload, before, viewOffset, maskKey, phase) => {
    const ours = new Uint8Array(viewOffset + before + payload.length + 9).fill(0x55);
    ours.set(payload, viewOffset + before);
    const want = ours.slice();
    applyMask(want, viewOffset + before, viewOffset + before + payload.length, maskKey, phase);

    nodeMaskWide?.(ours.subarray(viewOffset), before, before + payload.length, maskKey, phase);

    expect(ours).toEqual(want);
  },
);
