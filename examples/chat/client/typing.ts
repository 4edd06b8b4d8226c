/** Without a key for so long one is not writing any more. */
const PAUSE_MS = 4_000;

/** Makes of keys that are pressed the beginning and the end of writing. */
export class Typing {
  readonly #onChange: (isTyping: boolean) => void;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: (isTyping: boolean) => void) {
    this.#onChange = onChange;
  }

  /** `text` is what stands there now: somebody who has emptied it does not write. */
  wrote(text: string): void {
    const wasTyping = this.#pause !== undefined;
    clearTimeout(this.#pause);
    const isTyping = text.trim() !== '';
    this.#pause = isTyping ? setTimeout(() => this.stop(), PAUSE_MS) : undefined;
    if (isTyping !== wasTyping) this.#onChange(isTyping);
  }

  /** Sent it, or went elsewhere. */
  stop(): void {
    this.wrote('');
  }
}
