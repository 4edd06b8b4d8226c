/** Characters of a token, of 6 bits each: 258 bits. */
const TOKEN_LENGTH = 43;

export interface TokenEnvironment {
  createId(length?: number): string;
  /** A hash of one way, so that what is stored gives nothing away. */
  hash(text: string): string | Promise<string>;
}

/**
 * The token that proves to be the client of a session. It is stored hashed and changes each time it is used; the one
 * before is good until the client has been heard from with the new one, which it may not have got.
 */
export class SessionToken {
  readonly #environment: TokenEnvironment;
  #current = '';
  #previous: string | null = null;

  constructor(environment: TokenEnvironment) {
    this.#environment = environment;
  }

  /** Gives out a new token. */
  async rotate(): Promise<string> {
    const token = this.#environment.createId(TOKEN_LENGTH);
    const hash = await this.#environment.hash(token);
    this.#previous = this.#current;
    this.#current = hash;
    return token;
  }

  /** The client has the new token. */
  confirm(): void {
    this.#previous = null;
  }

  async matches(token: string): Promise<boolean> {
    const hash = await this.#environment.hash(token);
    // Of hashes, how long a comparison takes says nothing about the token.
    return hash === this.#current || (this.#previous !== null && this.#previous !== '' && hash === this.#previous);
  }
}
