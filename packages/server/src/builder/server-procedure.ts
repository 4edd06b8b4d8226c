import { UsageError } from '@typewire/core';
import type { AnyProcedure, ProcedureDefinition, ProcedureKind } from '@typewire/core/internal';
import type { AnyHandler } from './handler.ts';
import type { AnyMiddleware } from './middleware.ts';

/** What the server keeps of a procedure besides its definition; the client's types never mention it. */
export interface ServerProcedureDefinition extends ProcedureDefinition {
  readonly middlewares: readonly AnyMiddleware[];
  readonly handler: AnyHandler;
}

export interface ServerProcedure extends AnyProcedure {
  readonly '~kind': ProcedureKind;
  readonly '~definition': ServerProcedureDefinition;
}

/** @throws {UsageError} `BAD_CONTRACT` for a procedure that was declared without a handler. */
export function readServerProcedure(path: string, procedure: AnyProcedure): ServerProcedure {
  if (!('handler' in procedure['~definition'])) {
    throw new UsageError('BAD_CONTRACT', `${path} has no handler: declare it with typewire(), not with contract`);
  }
  return procedure as ServerProcedure;
}
