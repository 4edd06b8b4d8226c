import type { Channel } from './channel.ts';
import type { DeclaredErrors, Procedure, ProcedureKind } from './procedure.ts';

/** What a caller passes to a procedure, or the parameters of a channel. */
export type InferInput<Member> =
  Member extends Procedure<ProcedureKind, infer Input, infer _Output, infer _Errors>
    ? Input
    : Member extends Channel<infer Params, infer _EventInput, infer _Event>
      ? Params
      : never;

/** What a caller receives: the result, one item of a stream, or one event of a channel. */
export type InferOutput<Member> =
  Member extends Procedure<ProcedureKind, infer _Input, infer Output, infer _Errors>
    ? Output
    : Member extends Channel<infer _Params, infer _EventInput, infer Event>
      ? Event
      : never;

/** The declared errors of a procedure: code to `data`. */
export type InferErrors<Member> =
  Member extends Procedure<ProcedureKind, infer _Input, infer _Output, infer Errors extends DeclaredErrors>
    ? Errors
    : never;
