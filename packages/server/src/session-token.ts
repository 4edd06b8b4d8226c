/** Characters of a token, of 6 bits each: 258 bits. */
const TOKEN_LENGTH = 43;

export interface TokenEnvironment {
  createId(length?: number): string;
  /** A hash of one way, so that what is stored gives nothing away. */
  hash(text: string): string | Promise<string>;
}

/** A token, and what is stored of it. */
export interface IssuedToken {
  readonly token: string;
  readonly hash: string;
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

  /** Makes a token that is good once it is given out: who asked for it may be gone before. */
  async issue(): Promise<IssuedToken> {
    const token = this.#environment.createId(TOKEN_LENGTH);
    return { token, hash: await this.#environment.hash(token) };
  }

  /** The client is given a new token. What it has shown for it (`shown`, from `accept`) stays good until `confirm`. */
  giveOut({ token, hash }: IssuedToken, shown: string | null): string {
    this.#current = hash;
    this.#shown = shown;
    return token;
  }

  /** The client has the new token. */
  confirm(): void {
    this.#shown = null;
  }

  /** What to remember of a token that is the session's; `null` for any other. */
  async accept(token: string): Promise<string | null> {
    const hash = await this.#environment.hash(token);
    // Of hashes, how long a comparison takes says nothing about the token.
    return hash === this.#current || hash === this.#shown ? hash : null;
  }
}
