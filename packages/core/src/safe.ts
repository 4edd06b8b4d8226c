import type { CallFailure, CallPromise, DeclaredErrors } from './contract/procedure.ts';
import { type CallError, isCallError } from './errors.ts';

/** What became of a call, as a value. */
export type SafeResult<Output, Failure> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: Failure };

/**
 * Turns a call's rejection into a value whose `error.code` narrows `error.data`. Rejections that are not call errors
 * (bugs of this program) still throw.
 */
export async function safe<Output, Errors extends DeclaredErrors>(
  call: CallPromise<Output, Errors>,
): Promise<SafeResult<Output, CallFailure<Errors>>>;
export async function safe<Output>(call: Promise<Output>): Promise<SafeResult<Output, CallError>>;
export async function safe(call: Promise<unknown>): Promise<SafeResult<unknown, CallError>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (isCallError(error)) return { ok: false, error };
    throw error;
  }
}
