import type { ProcedureDefinition } from '@typewire/core/internal';
import { CheckedItems } from '../checked-items.ts';
import { checkError, checkResult } from './check-answer.ts';

export interface CalleeItemsOptions {
  readonly definition: ProcedureDefinition;
  readonly path: string;
  /** Calls the client. */
  open(): Promise<AsyncIterator<unknown, undefined>>;
  /** From now on a handler waits for the client; the returned function says that it waits no more. */
  awaitAnswers(): () => void;
}

/** The items a client answers with, each checked. The client is called when the first is asked for. */
export class CalleeItems extends CheckedItems {
  readonly #options: CalleeItemsOptions;
  #done: (() => void) | null = null;

  constructor(options: CalleeItemsOptions) {
    const { definition, path } = options;
    super(
      () => {
        this.#done = options.awaitAnswers();
        return options.open();
      },
      (item) => checkResult(definition, item, path),
    );
    this.#options = options;
  }

  override async next(): Promise<IteratorResult<unknown, undefined>> {
    try {
      const result = await super.next();
      if (result.done === true) this.#answered();
      return result;
    } catch (error) {
      this.#answered();
      throw await checkError(this.#options.definition, error, this.#options.path);
    }
  }

  override return(): Promise<IteratorReturnResult<undefined>> {
    this.#answered();
    return super.return();
  }

  #answered(): void {
    this.#done?.();
    this.#done = null;
  }
}
