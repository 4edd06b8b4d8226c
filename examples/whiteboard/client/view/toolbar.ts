import { COLOURS, type Colour, WIDTHS, type Width } from '../../shared/ink.ts';
import { create, find } from './dom.ts';

export interface ToolbarActions {
  undo(): void;
  redo(): void;
  clear(): void;
  fit(): void;
}

/** What a line is drawn with, and what can be done with the board. */
export class Toolbar {
  colour: Colour = 'ink';
  width: Width = 7;
  readonly #undo: HTMLButtonElement = find('undo', HTMLButtonElement);
  readonly #redo: HTMLButtonElement = find('redo', HTMLButtonElement);
  readonly #clear: HTMLButtonElement = find('clear', HTMLButtonElement);

  constructor(actions: ToolbarActions) {
    addChoices('colours', COLOURS, COLOURS, this.colour, (colour) => {
      this.colour = colour;
    });
    addChoices('widths', WIDTHS, ['thin', 'medium', 'thick'], this.width, (width) => {
      this.width = width;
    });
    this.#undo.addEventListener('click', actions.undo);
    this.#redo.addEventListener('click', actions.redo);
    this.#clear.addEventListener('click', actions.clear);
    find('fit', HTMLButtonElement).addEventListener('click', actions.fit);
    addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const isRedo = key === 'y' || (key === 'z' && event.shiftKey);
      if (isRedo) actions.redo();
      else if (key === 'z') actions.undo();
      else return;
      event.preventDefault();
    });
  }

  allow(can: { readonly undo: boolean; readonly redo: boolean; readonly clear: boolean }): void {
    this.#undo.disabled = !can.undo;
    this.#redo.disabled = !can.redo;
    this.#clear.disabled = !can.clear;
  }
}

/** One button for each, of which one is pressed: radio buttons, so that the arrow keys choose, too. */
function addChoices<Choice extends string | number>(
  group: string,
  choices: readonly Choice[],
  names: readonly string[],
  chosen: Choice,
  choose: (choice: Choice) => void,
): void {
  const fieldset = find(group, HTMLFieldSetElement);
  for (const [index, choice] of choices.entries()) {
    const label = create('label', `choice ${group}-${choice}`);
    label.title = names[index] ?? '';
    const input = create('input');
    input.type = 'radio';
    input.name = group;
    input.checked = choice === chosen;
    input.setAttribute('aria-label', label.title);
    input.addEventListener('change', () => choose(choice));
    label.append(input, create('span', 'swatch'));
    fieldset.append(label);
  }
}
