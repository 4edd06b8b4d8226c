import type { ContractProcedure } from '@typewire/core';
import type { ProcedureKind, SchemaInput, SchemaOutput } from '@typewire/core/internal';

/** Fails a call with what its procedure declares, or with a general code and a text for people. */
export interface CalleeFail<Errors> {
  <Code extends keyof Errors & string>(code: Code, data: Errors[Code], message?: string): Error;
  (code: 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT' | 'INVALID_INPUT', message?: string): Error;
}

/** What a client's handler is given besides the input. */
export interface CalleeArguments<Errors> {
  /** Fires when the server waits no more: cancelled, deadline passed or session over. */
  readonly signal: AbortSignal;
  /** `throw fail('BUSY', { until })` */
  readonly fail: CalleeFail<Errors>;
}

type Handles<Kind, Input, Output, Errors> = Kind extends 'stream'
  ? (input: Input, args: CalleeArguments<Errors>) => AsyncIterable<Output>
  : (input: Input, args: CalleeArguments<Errors>) => Output | PromiseLike<Output>;

/** What a client implements: the same names, with a handler at each leaf. One that is missing answers `NOT_FOUND`. */
export type CalleeHandlers<Tree> = {
  readonly [Name in keyof Tree]?: Tree[Name] extends ContractProcedure<
    infer Kind extends ProcedureKind,
    infer InputSchema,
    infer OutputSchema,
    infer Errors
  >
    ? Handles<
        Kind,
        SchemaOutput<InputSchema>,
        OutputSchema extends undefined ? unknown : SchemaInput<OutputSchema>,
        { [Code in keyof Errors]: SchemaInput<Errors[Code]> }
      >
    : CalleeHandlers<Tree[Name]>;
};
