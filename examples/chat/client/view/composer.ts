import { describeSpace, hasKeyboard } from '../draft.ts';
import { Typing } from '../typing.ts';
import { find } from './dom.ts';
import { fitHeight } from './fit-height.ts';

export interface ComposerListener {
  send(room: string, text: string): void;
  /** Somebody began to write, or has stopped: sent it, emptied it, or done nothing for a while. */
  typing(isTyping: boolean): void;
}

/** Where one writes: Enter sends, Shift+Enter begins a new line. Each room keeps its own draft. */
export class Composer {
  readonly #form: HTMLFormElement = find('composer', HTMLFormElement);
  readonly #input: HTMLTextAreaElement = find('composer-input', HTMLTextAreaElement);
  readonly #button: HTMLButtonElement = find('composer-send', HTMLButtonElement);
  readonly #counter: HTMLElement = find('composer-counter', HTMLElement);
  readonly #drafts: Map<string, string> = new Map();
  readonly #typing: Typing;
  #room = '';

  constructor(listener: ComposerListener) {
    this.#typing = new Typing((isTyping) => listener.typing(isTyping));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === '') return;
      this.#write('');
      this.#input.focus();
      this.#typing.stop();
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
      this.#typing.wrote(this.#input.value);
    });
    this.#changed();
  }

  open(room: string): void {
    this.#typing.stop();
    if (this.#room !== '') this.#drafts.set(this.#room, this.#input.value);
    this.#room = room;
    this.#input.placeholder = `Message #${room}`;
    this.#input.setAttribute('aria-label', `Message to ${room}`);
    this.#write(this.#drafts.get(room) ?? '');
    if (hasKeyboard()) this.#input.focus();
  }

  #write(text: string): void {
    this.#input.value = text;
    this.#changed();
  }

  #changed(): void {
    const space = describeSpace(this.#input.value);
    this.#counter.hidden = space === '';
    this.#counter.textContent = space;
    this.#button.disabled = this.#input.value.trim() === '';
    fitHeight(this.#input);
  }
}
