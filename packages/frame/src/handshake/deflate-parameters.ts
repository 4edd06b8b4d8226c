import { UsageError } from '../usage-error.ts';
import type { ExtensionParameter } from './extension-list.ts';

/** Name of the extension. RFC 7692 §7. */
export const DEFLATE_EXTENSION = 'permessage-deflate';

/**
 * How messages are compressed in each direction: what one side wants, or what both have agreed on. A window of `n` bits
 * lets a message refer to the 2^n bytes before; what was sent in earlier messages counts only with context takeover.
 */
export interface DeflateParameters {
  /** The server compresses each message by itself. */
  readonly serverNoContextTakeover: boolean;
  /** The client compresses each message by itself. */
  readonly clientNoContextTakeover: boolean;
  /** Largest window of what the server sends, 8 to 15. */
  readonly serverMaxWindowBits: number;
  /** Largest window of what the client sends, 8 to 15. */
  readonly clientMaxWindowBits: number;
}

/** Largest window that DEFLATE has, and what applies where none is named. RFC 7692 §7.1.2. */
export const MAX_WINDOW_BITS = 15;

const MIN_WINDOW_BITS = 8;

/**
 * Checks what our own caller wants.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export function checkDeflateParameters(parameters: DeflateParameters): void {
  for (const name of ['serverNoContextTakeover', 'clientNoContextTakeover'] as const) {
    if (typeof parameters[name] !== 'boolean') throw new UsageError('BAD_OPTION', `${name} must be true or false`);
  }
  for (const name of ['serverMaxWindowBits', 'clientMaxWindowBits'] as const) {
    const bits = parameters[name];
    if (!Number.isInteger(bits) || bits < MIN_WINDOW_BITS || bits > MAX_WINDOW_BITS) {
      throw new UsageError('BAD_OPTION', `${name} must be an integer from 8 to 15`);
    }
  }
}

/** The parameters of one element of the header, as they were written. */
export interface WrittenParameters {
  serverNoContextTakeover: boolean;
  clientNoContextTakeover: boolean;
  /** `null` where it was not named. */
  serverMaxWindowBits: number | null;
  /** `'any'` where it was named without a value. */
  clientMaxWindowBits: number | 'any' | null;
}

/** Reads them, or returns `null` where RFC 7692 §7.1 has the whole element declined: unknown, repeated, or no such value. */
export function readDeflateParameters(parameters: readonly ExtensionParameter[]): WrittenParameters | null {
  const written: WrittenParameters = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: null,
    clientMaxWindowBits: null,
  };
  const seen = new Set<string>();
  for (const { name, value } of parameters) {
    if (seen.has(name) || !readParameter(written, name, value)) return null;
    seen.add(name);
  }
  return written;
}

function readParameter(into: WrittenParameters, name: string, value: string | null): boolean {
  switch (name) {
    case 'server_no_context_takeover':
      into.serverNoContextTakeover = true;
      return value === null;
    case 'client_no_context_takeover':
      into.clientNoContextTakeover = true;
      return value === null;
    case 'server_max_window_bits':
      into.serverMaxWindowBits = readWindowBits(value);
      return into.serverMaxWindowBits !== null;
    case 'client_max_window_bits':
      into.clientMaxWindowBits = value === null ? 'any' : readWindowBits(value);
      return into.clientMaxWindowBits !== null;
    default:
      return false;
  }
}

// §7.1.2: a decimal integer without leading zeroes. `Number` would also take `1e1`, `0xa` and an empty string.
const windowBits: ReadonlyMap<string, number> = new Map(
  Array.from({ length: MAX_WINDOW_BITS - MIN_WINDOW_BITS + 1 }, (_, index) => [
    String(MIN_WINDOW_BITS + index),
    MIN_WINDOW_BITS + index,
  ]),
);

function readWindowBits(value: string | null): number | null {
  return value === null ? null : (windowBits.get(value) ?? null);
}
