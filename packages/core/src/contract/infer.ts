import type { ProcedureKind } from './procedure.ts';

/** Where a procedure keeps its types. */
interface TypedProcedure<Input, Output, Errors> {
  readonly '~kind': ProcedureKind;
  readonly '~types'?: { readonly input: Input; readonly output: Output; readonly errors: Errors };
}

/** Where a channel keeps its types. */
interface TypedChannel<Params, Event> {
  readonly '~kind': 'channel';
  readonly '~types'?: { readonly params: Params; readonly event: Event };
}

/** What a caller passes to a procedure, or the parameters of a channel. */
export type InferInput<Member> =
  Member extends TypedProcedure<infer Input, unknown, unknown>
    ? Input
    : Member extends TypedChannel<infer Params, unknown>
      ? Params
      : never;

/** What a caller receives: the result, one item of a stream, or one event of a channel. */
export type InferOutput<Member> =
  Member extends TypedProcedure<unknown, infer Output, unknown>
    ? Output
    : Member extends TypedChannel<unknown, infer Event>
      ? Event
      : never;

/** The declared errors of a procedure: code to `data`. */
export type InferErrors<Member> = Member extends TypedProcedure<unknown, unknown, infer Errors> ? Errors : never;
