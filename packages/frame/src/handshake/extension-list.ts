import { Char, isBlank, isToken, isTokenChar } from './ascii.ts';
import { HandshakeError } from './handshake-error.ts';
import type { HeaderMap } from './header-map.ts';

/** One parameter of an extension; `value` is `null` without an equals sign. */
export interface ExtensionParameter {
  readonly name: string;
  readonly value: string | null;
}

/** One element of `Sec-WebSocket-Extensions`. Parameters are in a list: they may repeat, and any name is possible. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

/**
 * The extensions that a head names, over all its lines and in order. One pass, whatever the peer sent. RFC 6455 §9.1.
 *
 * @throws {HandshakeError} `BAD_EXTENSION` for anything but tokens, parameters and quoted strings that hold a token.
 */
export function readExtensions(headers: HeaderMap): Extension[] {
  const extensions: Extension[] = [];
  for (const value of headers.get('sec-websocket-extensions') ?? []) {
    const scanner = new Scanner(value);
    while (!scanner.done) {
      // Empty elements of a list are skipped, as RFC 9110 §5.6.1.2 asks.
      if (scanner.take(Char.Comma)) continue;
      extensions.push(readExtension(scanner));
      if (!scanner.done && !scanner.take(Char.Comma)) throw malformed();
    }
  }
  return extensions;
}

function readExtension(scanner: Scanner): Extension {
  const name = scanner.token();
  const parameters: ExtensionParameter[] = [];
  while (scanner.take(Char.Semicolon)) {
    const parameter = scanner.token();
    const value = scanner.take(Char.Equals) ? scanner.value() : null;
    parameters.push({ name: parameter, value });
  }
  return { name, parameters };
}

/** Goes over a header value once; between any two parts there may be blanks. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipBlanks();
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Passes over `char` if it is the next one. */
  take(char: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== char) return false;
    this.#at++;
    this.#skipBlanks();
    return true;
  }

  token(): string {
    const start = this.#at;
    while (isTokenChar(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === start) throw malformed();
    const token = this.#text.slice(start, this.#at);
    this.#skipBlanks();
    return token;
  }

  /** A token, or a quoted string: what that says without its quotes and backslashes must be a token, too. */
  value(): string {
    if (this.#text.charCodeAt(this.#at) !== Char.Quote) return this.token();
    let value = '';
    for (this.#at++; !this.done; this.#at++) {
      const char = this.#text.charCodeAt(this.#at);
      if (char === Char.Quote) {
        if (!isToken(value)) throw malformed();
        this.#at++;
        this.#skipBlanks();
        return value;
      }
      if (char === Char.Backslash) this.#at++;
      value += this.#text.charAt(this.#at);
    }
    throw malformed();
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}

function malformed(): HandshakeError {
  return new HandshakeError('BAD_EXTENSION', 'The header Sec-WebSocket-Extensions is malformed.');
}
