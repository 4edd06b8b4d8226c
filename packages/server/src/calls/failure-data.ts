import { validate } from '@typewire/core/internal';
import type { Failure } from '../failure.ts';
import type { ProcedureRoute } from '../routes.ts';

/** The data of a failure as its schema makes it. Rejects when the failure cannot travel as it is declared. */
export async function checkFailureData(route: ProcedureRoute, failure: Failure): Promise<unknown> {
  const { code, data } = failure;
  const schema = Object.hasOwn(route.definition.errors, code) ? route.definition.errors[code] : undefined;
  if (schema === undefined) return data;
  const checked = await validate(schema, data);
  if (checked.issues === undefined) return checked.value;
  throw new TypeError(`the data of ${code} does not pass its schema in ${route.path}`, { cause: failure });
}
