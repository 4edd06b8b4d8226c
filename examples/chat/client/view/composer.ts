import { find } from './dom.ts';

/** Characters left below which the counter shows. */
const COUNTER_FROM = 200;

/** Where one writes: Enter sends, Shift+Enter begins a new line. Each room keeps its own draft. */
export class Composer {
  readonly #form: HTMLFormElement = find('composer', HTMLFormElement);
  readonly #input: HTMLTextAreaElement = find('composer-input', HTMLTextAreaElement);
  readonly #button: HTMLButtonElement = find('composer-send', HTMLButtonElement);
  readonly #counter: HTMLElement = find('composer-counter', HTMLElement);
  readonly #drafts: Map<string, string> = new Map();
  #room = '';

  constructor(onSend: (room: string, text: string) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === '') return;
      this.#write('');
      this.#input.focus();
      onSend(this.#room, text);
    });
    this.#input.addEventListener('keydown', (event) => {
      // While an input method composes, Enter chooses a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#input.addEventListener('input', () => this.#changed());
    this.#changed();
  }

  open(room: string): void {
    if (this.#room !== '') this.#drafts.set(this.#room, this.#input.value);
    this.#room = room;
    this.#input.placeholder = `Message #${room}`;
    this.#input.setAttribute('aria-label', `Message to ${room}`);
    this.#write(this.#drafts.get(room) ?? '');
    // On a phone, taking the focus would open the keyboard over the messages.
    if (matchMedia('(hover: hover)').matches) this.#input.focus();
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
