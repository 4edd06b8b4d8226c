import { describe, expect, it } from 'vitest';
import { isControl, isOpcode, Opcode } from '../src/opcode.ts';

describe('isOpcode', () => {
  it('accepts the six opcodes of RFC 6455 and refuses the ten reserved ones', () => {
    const known = Array.from({ length: 16 }, (_, value) => value).filter(isOpcode);
    expect(known).toEqual([0x0, 0x1, 0x2, 0x8, 0x9, 0xa]);
  });
});

describe('isControl', () => {
  it('tells close, ping and pong from the frames that carry messages', () => {
    expect(Object.values(Opcode).filter(isControl)).toEqual([Opcode.Close, Opcode.Ping, Opcode.Pong]);
  });
});
