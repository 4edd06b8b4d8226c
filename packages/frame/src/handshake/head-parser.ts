import { UsageError } from '../usage-error.ts';
import { Char, isToken, latin1Slice, trimmedSlice } from './ascii.ts';
import { HandshakeError, type HandshakeErrorCode, handshakeResult } from './handshake-error.ts';
import { createHeaderMap, type HeaderMap } from './header-map.ts';
import { type RequestLine, readRequestLine, readStatusLine, type StatusLine } from './start-line.ts';

/** How much of a head is read before the peer is refused. */
export interface HeadLimits {
  /** Length of the whole head in bytes, its empty last line included. @default 8_192 */
  maxHeadBytes?: number;
  /** Number of header lines. @default 64 */
  maxHeaders?: number;
}

export const headDefaults: Required<HeadLimits> = { maxHeadBytes: 8_192, maxHeaders: 64 };

/** How reading a head ended. */
export type HeadOutcome<Head> =
  | {
      readonly type: 'head';
      readonly head: Head;
      /** What followed the head in the last chunk: the first frames. A view of that chunk. */
      readonly rest: Uint8Array;
    }
  | { readonly type: 'refused'; readonly error: HandshakeError };

/**
 * Reads one HTTP head from chunks cut anywhere. Every byte is looked at once when it arrives and once when its line
 * is complete, so a peer that sends single bytes costs no more than one that sends all at once. Nothing of the chunks
 * is kept.
 *
 * It is stricter than HTTP allows where leniency lets two readers disagree about where a head ends (RFC 9112 §2.2,
 * §5.1, §5.2): no bare LF or CR, no folded lines, no space before the colon, no empty line in front.
 */
export class HeadParser<StartLine extends object> {
  readonly #readStartLine: (line: string) => StartLine;
  readonly #status: null | undefined;
  readonly #maxBytes: number;
  readonly #maxHeaders: number;
  readonly #pairs: [name: string, value: string][] = [];
  #startLine: StartLine | null = null;
  #line = '';
  #afterCarriageReturn = false;
  #size = 0;
  #finished = false;

  /** @param status of the errors, where it is not the one that a server answers with. */
  constructor(readStartLine: (line: string) => StartLine, limits: HeadLimits = {}, status?: null) {
    this.#status = status;
    this.#readStartLine = readStartLine;
    this.#maxBytes = readLimit('maxHeadBytes', limits.maxHeadBytes);
    this.#maxHeaders = readLimit('maxHeaders', limits.maxHeaders);
  }

  /**
   * Takes the next bytes; `null` means that the head goes on. Once there is an outcome the parser is done.
   *
   * @throws {UsageError} `ALREADY_CLOSED` after an outcome: those bytes belong to whoever took over.
   */
  push(chunk: Uint8Array): HeadOutcome<StartLine & { readonly headers: HeaderMap }> | null {
    if (this.#finished) throw new UsageError('ALREADY_CLOSED', 'this head is complete; bytes after it are not a head');
    const read = handshakeResult(() => this.#readUpTo(chunk), this.#status);
    if (read.ok && read.value === null) return null;
    this.#finished = true;
    if (!read.ok) return { type: 'refused', error: read.error };
    const startLine = this.#startLine;
    if (startLine === null || read.value === null) return null;
    return {
      type: 'head',
      head: { ...startLine, headers: createHeaderMap(this.#pairs) },
      rest: chunk.subarray(read.value),
    };
  }

  /** Reads `chunk` to the end of the head and returns where that is, or `null` when the head goes on behind it. */
  #readUpTo(chunk: Uint8Array): number | null {
    const room = this.#maxBytes - this.#size;
    const length = Math.min(chunk.length, room);
    let lineStart = 0;
    for (let at = 0; at < length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#afterCarriageReturn) {
        if (byte !== Char.LineFeed) throw this.#malformed('A carriage return is not followed by a line feed.');
        this.#afterCarriageReturn = false;
        if (this.#endLine()) return at + 1;
        lineStart = at + 1;
      } else if (byte === Char.CarriageReturn) {
        this.#afterCarriageReturn = true;
        this.#line += latin1Slice(chunk, lineStart, at);
      } else if ((byte < Char.Space && byte !== Char.Tab) || byte === Char.Delete) {
        // Here and not at the end of the line: the first byte of a TLS hello on a plain port is refused at once.
        throw this.#malformed('A control character is not allowed here.');
      }
    }
    if (chunk.length > room) throw new HandshakeError('HEAD_TOO_BIG', 'The head is too big.');
    if (!this.#afterCarriageReturn) this.#line += latin1Slice(chunk, lineStart, length);
    this.#size += length;
    return null;
  }

  /** Takes one complete line; `true` after the empty one that ends the head. */
  #endLine(): boolean {
    const line = this.#line;
    this.#line = '';
    if (this.#startLine === null) {
      this.#startLine = this.#readStartLine(line);
      return false;
    }
    if (line === '') return true;
    if (this.#pairs.length >= this.#maxHeaders) {
      throw new HandshakeError('TOO_MANY_HEADERS', 'The head has too many headers.');
    }
    this.#pairs.push(readHeaderLine(line));
    return false;
  }

  #malformed(message: string): HandshakeError {
    const code: HandshakeErrorCode = this.#startLine === null ? 'BAD_START_LINE' : 'BAD_HEADER';
    return new HandshakeError(code, message);
  }
}

/** Reads the head of a request; `readUpgradeRequest` then judges it. */
export class RequestHeadParser extends HeadParser<RequestLine> {
  constructor(limits?: HeadLimits) {
    super(readRequestLine, limits);
  }
}

/** Reads the head of a response; `readUpgradeResponse` then judges it. */
export class ResponseHeadParser extends HeadParser<StatusLine> {
  constructor(limits?: HeadLimits) {
    super(readStatusLine, limits, null);
  }
}

function readHeaderLine(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  // A folded line starts with a blank and a space may stand before the colon: neither is a token. RFC 9112 §5.1, §5.2.
  if (!isToken(name)) throw new HandshakeError('BAD_HEADER', 'A header line has no valid name.');
  return [name, trimmedSlice(line, colon + 1, line.length)];
}

function readLimit(name: keyof HeadLimits, value: number = headDefaults[name]): number {
  if (!(value > 0)) throw new UsageError('BAD_OPTION', `${name} must be a positive number`);
  return value;
}
