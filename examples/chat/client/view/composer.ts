import { find } from './dom.ts';

/** Characters left below which the counter shows. */
const COUNTER_FROM = 200;

export interface ComposerListener {
  send(room: string, text: string): void;
  /** Somebody began to write, or has stopped: sent it, emptied it, or done nothing for a while. */
  typing(isTyping: boolean): void;
}

/** Without a key for so long one is not writing any more. */
const TYPING_MS = 4_000;

/** Where one writes: Enter sends, Shift+Enter begins a new line. Each room keeps its own draft. */
export class Composer {
  readonly #form: HTMLFormElement = find('composer', HTMLFormElement);
  readonly #input: HTMLTextAreaElement = find('composer-input', HTMLTextAreaElement);
  readonly #button: HTMLButtonElement = find('composer-send', HTMLButtonElement);
  readonly #counter: HTMLElement = find('composer-counter', HTMLElement);
  readonly #drafts: Map<string, string> = new Map();
  readonly #listener: ComposerListener;
  #room = '';
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: ComposerListener) {
    this.#listener = listener;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === '') return;
      this.#write('');
      this.#input.focus();
      this.#setTyping(false);
      listener.send(this.#room, text);
    });
    this.#input.addEventListener('keydown', (event) => {
      // While an input method composes, Enter chooses a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#input.addEventListener('input', () => {
      this.#changed();
      this.#setTyping(this.#input.value.trim() !== '');
    });
    this.#changed();
  }

  open(room: string): void {
    this.#setTyping(false);
    if (this.#room !== '') this.#drafts.set(this.#room, this.#input.value);
    this.#room = room;
    this.#input.placeholder = `Message #${room}`;
    this.#input.setAttribute('aria-label', `Message to ${room}`);
    this.#write(this.#drafts.get(room) ?? '');
    // On a phone, taking the focus would open the keyboard over the messages.
    if (matchMedia('(hover: hover)').matches) this.#input.focus();
  }

  #setTyping(isTyping: boolean): void {
    const wasTyping = this.#typingTimer !== undefined;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = isTyping ? setTimeout(() => this.#setTyping(false), TYPING_MS) : undefined;
    if (isTyping !== wasTyping) this.#listener.typing(isTyping);
  }

  #write(text: string): void {
    this.#input.value = text;
    this.#changed();
  }

  #changed(): void {
    const left = this.#input.maxLength - this.#input.value.length;
    this.#counter.hidden = left > COUNTER_FROM;
    this.#counter.textContent = String(left);
    this.#button.disabled = this.#input.value.trim() === '';
    // As high as its text, up to the limit in the style sheet.
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }
}
