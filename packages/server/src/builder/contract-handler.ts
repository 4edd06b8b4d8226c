import type { NoCallees } from '../caller.ts';
import type { AnyHandler, HandlerArguments } from './handler.ts';
import type { ProcedureSettings } from './server-procedure.ts';

/** What such a handler is given, whatever the kind of its procedure. */
export interface ContractHandlerArguments<Context, Input, Errors, Chunk, Callees = NoCallees>
  extends HandlerArguments<Context, Input, Errors, Callees> {
  /** Of a stream: id of the last item the caller has; `null` the first time. */
  readonly lastEventId: string | null;
  /** Of an upload: the caller's chunks. */
  readonly incoming: AsyncIterable<Chunk>;
}

/** A handler for a procedure of a contract, with what runs around it; made by `handler` of a builder. */
export interface ContractHandler<Input, Errors, Result, Chunk = never> {
  readonly '~kind': 'handler';
  readonly '~settings': ProcedureSettings;
  readonly '~handler': AnyHandler;
  /** For the compiler only. */
  readonly '~types'?: {
    readonly input: (input: Input) => void;
    readonly errors: (errors: Errors) => void;
    readonly result: Result;
    readonly chunk: (chunk: Chunk) => void;
  };
}
