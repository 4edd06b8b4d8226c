import { createHash } from 'node:crypto';
import { type Payload, payloadBytes } from './payload.ts';
import { closePayload } from './peer-frames.ts';
import type { OwnFrame, Rule } from './rule.ts';

/** Frames in a form that is compared and read quickly: long payloads by their digest. */
export function readable(frames: readonly { readonly opcode: number; readonly payload: Payload }[]): string[] {
  return frames.map(({ opcode, payload }) => {
    const bytes = payloadBytes(payload);
    const content = bytes.length <= 300 ? bytes.toString('hex') : createHash('sha1').update(bytes).digest('hex');
    return `opcode ${opcode}, ${bytes.length} bytes: ${content}`;
  });
}

/** Everything that an echo sends for a rule: what comes back, and the Close frame where there is one. */
export function expectedFrames({ output, end }: Rule): OwnFrame[] {
  if (end.type === 'open') return [...output];
  const payload = end.type === 'closed' ? closePayload(end.code, end.reason) : closePayload(end.code, '');
  return [...output, { opcode: 8, payload }];
}
