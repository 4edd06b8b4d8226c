import type { SeededRandom } from './mutate.ts';

/** Code under attack, and what must hold whatever it is given. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to begin with. */
  readonly corpus: readonly Uint8Array[];
  /** Pieces that mean something to the target, from which inputs are made beside the corpus. */
  readonly dictionary: readonly Uint8Array[];
  /**
   * Plays one input and throws when something does not hold. Returns in a few words what became of it: inputs with an
   * outcome of their own are worth keeping.
   */
  play(input: Uint8Array, random: SeededRandom): string;
}

/** Checks that a target does the same with `input` in one piece, in random pieces and, if it is short, byte by byte. */
export function playInPieces<Transcript>(
  input: Uint8Array,
  random: SeededRandom,
  play: (chunks: readonly Uint8Array[]) => Transcript,
  readable: (transcript: Transcript) => string,
): Transcript {
  const whole = play([input]);
  const want = readable(whole);
  const cuts = [randomPieces(input, random), ...(input.length <= 200 ? [piecesOf(input, () => 1)] : [])];
  for (const chunks of cuts) {
    const got = readable(play(chunks));
    if (got === want) continue;
    const sizes = chunks.map(({ length }) => length).join(' ');
    throw new Error(`another outcome in pieces of ${sizes}:\n  ${got}\nthan in one piece:\n  ${want}`);
  }
  return whole;
}

function randomPieces(input: Uint8Array, random: SeededRandom): Uint8Array[] {
  const longest = 1 + Math.floor(random() * random() * input.length);
  return piecesOf(input, () => Math.floor(random() * (longest + 1)));
}

/** Empty pieces are allowed, if not in a row for ever. */
function piecesOf(input: Uint8Array, nextLength: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < input.length; ) {
    const length = nextLength();
    pieces.push(input.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
