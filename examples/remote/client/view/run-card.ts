import type { Command } from '../../shared/command.ts';
import type { Run } from '../run.ts';
import { create } from './dom.ts';

/** One run on the page: its name, how it stands, and its output, which follows its end while that is in view. */
export class RunCard {
  readonly run: Run;
  readonly element: HTMLElement = create('article', 'run');
  readonly #state: HTMLElement = create('span', 'run-state');
  readonly #time: HTMLElement = create('span', 'run-time');
  readonly #cancel: HTMLButtonElement = create('button', 'cancel', 'Cancel');
  readonly #output: HTMLElement = create('ol', 'output');
  readonly #failure: HTMLElement = create('p', 'failure');
  #shownLines = 0;
  #isUpdatePlanned = false;

  constructor(run: Run) {
    this.run = run;
    this.#cancel.type = 'button';
    this.#cancel.addEventListener('click', () => run.cancel());
    const header = create('header', 'run-header');
    header.append(this.#state, create('code', 'run-command', describe(run.command)), this.#time, this.#cancel);
    this.#output.tabIndex = 0;
    this.#output.setAttribute('aria-label', `Output of ${describe(run.command)}`);
    this.element.append(header, this.#output, this.#failure);
    this.#update();
  }

  /** Once per frame, however many lines came in it. */
  planUpdate(): void {
    if (this.#isUpdatePlanned) return;
    this.#isUpdatePlanned = true;
    requestAnimationFrame(() => {
      this.#isUpdatePlanned = false;
      this.#update();
    });
  }

  #update(): void {
    const { state, failure, startedAt, endedAt } = this.run;
    this.element.dataset['state'] = state;
    this.#state.textContent = state;
    this.#time.textContent =
      endedAt === null
        ? startedAt.toLocaleTimeString()
        : `${((endedAt.getTime() - startedAt.getTime()) / 1_000).toFixed(1)} s`;
    this.#cancel.hidden = state !== 'running';
    this.#failure.hidden = failure === null;
    this.#failure.replaceChildren(...(failure === null ? [] : [create('code', '', failure.code), ` ${failure.text}`]));
    this.#addLines();
  }

  #addLines(): void {
    const { lines, lineCount } = this.run;
    const { scrollHeight, scrollTop, clientHeight } = this.#output;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 24;
    const fresh = lines.slice(Math.max(0, lines.length - (lineCount - this.#shownLines)));
    this.#output.append(...fresh.map(({ text }) => create('li', '', text)));
    this.#shownLines = lineCount;
    while (this.#output.childElementCount > lines.length) this.#output.firstElementChild?.remove();
    this.#output.hidden = lineCount === 0;
    if (isAtEnd) this.#output.scrollTop = this.#output.scrollHeight;
  }
}

function describe(command: Command): string {
  switch (command.name) {
    case 'tail':
      return `tail ${command.log} log, ${command.lines} lines`;
    case 'count':
      return `count to ${command.to}, every ${command.everyMs} ms`;
    default:
      return command.name;
  }
}
