/** Numbers in [0, 1), the same for the same seed. */
export type SeededRandom = () => number;

/** Longest input that is made: long enough for a 64-bit length that is true, short enough to be quick. */
const MAX_BYTES = 70_000;

/** Bytes that sit at borders: lengths, opcodes, masks, separators. */
const borders = [
  0x00, 0x01, 0x02, 0x0a, 0x0d, 0x20, 0x2c, 0x3a, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x88, 0x89, 0xfd, 0xfe, 0xff,
];

/** A new input from `base`, changed in one to eight ways. */
export function mutate(
  base: Uint8Array,
  others: readonly Uint8Array[],
  dictionary: readonly Uint8Array[],
  random: SeededRandom,
): Uint8Array {
  let bytes = Buffer.from(base);
  for (let count = 1 + Math.floor(random() * random() * 8); count > 0; count--) {
    bytes = change(bytes, others, dictionary, random);
  }
  return Uint8Array.from(bytes.subarray(0, MAX_BYTES));
}

function change(
  bytes: Buffer,
  others: readonly Uint8Array[],
  dictionary: readonly Uint8Array[],
  random: SeededRandom,
): Buffer<ArrayBuffer> {
  const at = Math.floor(random() * (bytes.length + 1));
  const to = Math.min(bytes.length, at + Math.floor(random() * random() * 40));
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (Math.floor(random() * 9)) {
    case 0:
      return withByte(bytes, at, (byte) => byte ^ (1 << Math.floor(random() * 8)));
    case 1:
      return withByte(bytes, at, () => Math.floor(random() * 256));
    case 2:
      return withByte(bytes, at, () => pick(borders, random));
    case 3:
      return Buffer.concat([before, bytes.subarray(to)]);
    case 4:
      return Buffer.concat([before, bytes.subarray(at, to), after]);
    case 5:
      return Buffer.concat([before, pick(dictionary, random), after]);
    case 6:
      return Buffer.concat([before, pick(others, random)]);
    case 7:
      return Buffer.concat([bytes, pick(others, random)]);
    default:
      return Buffer.from(before);
  }
}

function withByte(bytes: Buffer, at: number, next: (byte: number) => number): Buffer<ArrayBuffer> {
  const changed = Buffer.from(bytes);
  const byte = changed[at];
  if (byte !== undefined) changed[at] = next(byte);
  return changed;
}

/** One of `all`, which must not be empty. */
export function pick<Item>(all: readonly Item[], random: SeededRandom): Item {
  return all[Math.floor(random() * all.length)] as Item;
}
