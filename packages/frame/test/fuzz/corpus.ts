import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Frames are kept as hex, heads as text with one character for each byte. */
const encodings = {
  frames: 'hex',
  compressed: 'hex',
  requests: 'latin1',
  responses: 'latin1',
  'draft76-frames': 'hex',
  'draft76-requests': 'latin1',
  'draft76-responses': 'latin1',
} as const;

export type CorpusName = keyof typeof encodings;

function pathOf(name: CorpusName): URL {
  return new URL(`corpus/${name}.json`, import.meta.url);
}

/** The committed inputs: one for each outcome that was found, and whatever once went wrong. */
export function readCorpus(name: CorpusName): Uint8Array[] {
  if (!existsSync(pathOf(name))) return [];
  const entries: readonly string[] = JSON.parse(readFileSync(pathOf(name), 'utf8'));
  return entries.map((entry) => Uint8Array.from(Buffer.from(entry, encodings[name])));
}

export function writeCorpus(name: CorpusName, inputs: readonly Uint8Array[]): void {
  const entries = inputs.map((input) => Buffer.from(input).toString(encodings[name]));
  writeFileSync(pathOf(name), `${JSON.stringify(entries, null, 2)}\n`);
}
