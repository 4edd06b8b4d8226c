/** Opcodes of RFC 6455 §5.2; every other value is reserved and refused. */
export const Opcode = {
  Continuation: 0x0,
  Text: 0x1,
  Binary: 0x2,
  Close: 0x8,
  Ping: 0x9,
  Pong: 0xa,
} as const;

export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** Whether `value` is one of the six opcodes that RFC 6455 defines. */
export function isOpcode(value: number): value is Opcode {
  return (value >= 0x0 && value <= 0x2) || (value >= 0x8 && value <= 0xa);
}

/** Whether the frame controls the connection instead of carrying a message. RFC 6455 §5.5. */
export function isControl(opcode: Opcode): boolean {
  return opcode >= Opcode.Close;
}
