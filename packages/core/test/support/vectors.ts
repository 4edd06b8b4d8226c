import { readFileSync } from 'node:fs';

/** One message on the wire: `text`, or `hex` of a binary one with its attachments. `value` describes what its last fields revive to, where that differs from the JSON. */
export interface MessageVector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
  readonly attachments?: readonly string[];
  readonly message: readonly unknown[];
  readonly value?: unknown;
}

/** Several messages in one. `encodesAs` is the text we send ourselves, where it differs from what we accept. */
export interface BatchVector {
  readonly name: string;
  readonly text: string;
  readonly batch: ReadonlyArray<readonly unknown[]>;
  readonly encodesAs?: string;
}

const vectors: ReadonlyArray<MessageVector | BatchVector> = JSON.parse(
  readFileSync(new URL('../../vectors/messages.json', import.meta.url), 'utf8'),
);

export const messageVectors: readonly MessageVector[] = vectors.filter((vector) => 'message' in vector);
export const batchVectors: readonly BatchVector[] = vectors.filter((vector) => 'batch' in vector);
/** What a transport hands on of a vector. */
export function received({ text, hex }: MessageVector): string | Uint8Array {
  return text ?? fromHex(hex ?? '');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export const vectorNames: readonly string[] = vectors.map((vector) => vector.name);
