/** Characters of a token, of 6 bits each: 258 bits. */
const TOKEN_LENGTH = 43;

export interface TokenEnvironment {
  createId(length?: number): string;
  /** A hash of one way, so that what is stored gives nothing away. */
  hash(text: string): string | Promise<string>;
}

/**
 * The token that proves to be the client of a session. It is stored hashed and changes each time it is used; the one a
 * client has shown is good until it has been heard from with the new one, which it may not have got.
 */
export class SessionToken {
  readonly #environment: TokenEnvironment;
  #current: string | null = null;
  /** What the client showed last. */
  #shown: string | null = null;

  constructor(environment: TokenEnvironment) {
    this.#environment = environment;
  }

  /** Gives out a new token. */
  async rotate(): Promise<string> {
    const token = this.#environment.createId(TOKEN_LENGTH);
    this.#current = await this.#environment.hash(token);
    return token;
  }

  /** The client has the new token. */
  confirm(): void {
    this.#shown = null;
  }

  /** Whether it is the session's; if so, it stays good until the next one is confirmed. */
  async accept(token: string): Promise<boolean> {
    const hash = await this.#environment.hash(token);
    // Of hashes, how long a comparison takes says nothing about the token.
    if (hash !== this.#current && hash !== this.#shown) return false;
    this.#shown = hash;
    return true;
  }
}
