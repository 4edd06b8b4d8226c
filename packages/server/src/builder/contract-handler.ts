import type { AnyHandler } from './handler.ts';
import type { ProcedureSettings } from './server-procedure.ts';

/** A handler for a procedure of a contract, with what runs around it; made by `handler` of a builder. */
export interface ContractHandler<Input, Errors, Result> {
  readonly '~kind': 'handler';
  readonly '~settings': ProcedureSettings;
  readonly '~handler': AnyHandler;
  /** For the compiler only. */
  readonly '~types'?: {
    readonly input: (input: Input) => void;
    readonly errors: (errors: Errors) => void;
    readonly result: Result;
  };
}
