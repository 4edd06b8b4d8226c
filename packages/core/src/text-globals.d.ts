// The only platform globals this package may use: every runtime has them, and they do no I/O.
// Not imported anywhere, so packages with their own declarations of these names do not see it.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
