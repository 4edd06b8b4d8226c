import { type ErrorSchemas, validate } from '@typewire/core/internal';
import type { Failure } from '../failure.ts';

/** The data of a failure as its schema makes it. Rejects when the failure cannot travel as it is declared. */
export async function checkFailureData(
  errors: Readonly<ErrorSchemas>,
  path: string,
  failure: Failure,
): Promise<unknown> {
  const { code, data } = failure;
  const schema = Object.hasOwn(errors, code) ? errors[code] : undefined;
  if (schema === undefined) return data;
  const checked = await validate(schema, data);
  if (checked.issues === undefined) return checked.value;
  throw new TypeError(`the data of ${code} does not pass its schema in ${path}`, { cause: failure });
}
