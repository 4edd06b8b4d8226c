import { UsageError } from '@typewire/core';
import type { AnyProcedure, ProcedureDefinition, ProcedureKind } from '@typewire/core/internal';
import { type CallLimits, noLimits } from './call-limits.ts';
import type { AnyHandler } from './handler.ts';
import type { AnyMiddleware } from './middleware.ts';

/** What runs around a handler. */
export interface ProcedureSettings {
  readonly middlewares: readonly AnyMiddleware[];
  readonly limits: Required<CallLimits>;
}

/** What the server keeps of a procedure besides its definition; the client's types never mention it. */
export interface ServerProcedureDefinition extends ProcedureDefinition, ProcedureSettings {
  readonly handler: AnyHandler;
}

export interface ServerProcedure extends AnyProcedure {
  readonly '~kind': ProcedureKind;
  readonly '~definition': ServerProcedureDefinition;
}

/** Of a procedure that nothing was built around. */
export const bareSettings: ProcedureSettings = { middlewares: [], limits: noLimits };

/** @throws {UsageError} `BAD_CONTRACT` for a procedure that was declared without a handler. */
export function readServerProcedure(path: string, procedure: AnyProcedure): ServerProcedure {
  if (!('handler' in procedure['~definition'])) {
    throw new UsageError('BAD_CONTRACT', `${path} has no handler: give it one with implement()`);
  }
  return procedure as ServerProcedure;
}

/** A contract's procedure with its handler; `null` when `given` is none, or belongs to another procedure. */
export function implementProcedure(declared: AnyProcedure, given: unknown): ServerProcedure | null {
  const { '~kind': kind, '~definition': definition } = declared;
  const make = (settings: ProcedureSettings, handler: AnyHandler): ServerProcedure => ({
    '~kind': kind,
    '~definition': { ...definition, ...settings, handler },
  });
  if (typeof given === 'function') return make(bareSettings, given as AnyHandler);
  if (typeof given !== 'object' || given === null) return null;
  if (isContractHandler(given)) return make(given['~settings'], given['~handler']);
  return isImplementationOf(declared, given as Partial<ServerProcedure>) ? (given as ServerProcedure) : null;
}

/** A handler that brings its middlewares along. See `ContractHandler`. */
function isContractHandler(given: object): given is { '~settings': ProcedureSettings; '~handler': AnyHandler } {
  return '~kind' in given && given['~kind'] === 'handler';
}

/** A part of a contract may have been implemented by itself. */
function isImplementationOf(declared: AnyProcedure, given: Partial<ServerProcedure>): boolean {
  const [ours, theirs] = [declared['~definition'], given['~definition']];
  return (
    given['~kind'] === declared['~kind'] &&
    theirs?.handler !== undefined &&
    theirs.input === ours.input &&
    theirs.output === ours.output &&
    theirs.chunk === ours.chunk &&
    theirs.errors === ours.errors
  );
}
