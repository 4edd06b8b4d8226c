/** A value in JSON, so that a vector can say what arrives: what JSON lacks becomes `{ $Kind: … }`. */
export function describeValue(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $BigInt: String(value) };
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $number: Object.is(value, -0) ? '-0' : String(value) };
    case 'object':
      return value === null ? null : describeObject(value);
    default:
      return value;
  }
}

function describeObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(describeValue);
  if (value instanceof Date) return { $Date: value.toISOString() };
  if (value instanceof URL) return { $URL: value.href };
  if (value instanceof Set) return { $Set: [...value].map(describeValue) };
  if (value instanceof Map) return { $Map: [...value].map((entry) => entry.map(describeValue)) };
  if (value instanceof Error) return { $Error: describeError(value) };
  if (value instanceof ArrayBuffer) return { $ArrayBuffer: [...new Uint8Array(value)] };
  if (value instanceof DataView) return { $DataView: [...new Uint8Array(value.buffer)] };
  if (ArrayBuffer.isView(value)) {
    return { [`$${value.constructor.name}`]: Array.from(value as Float64Array).map(describeValue) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describeValue(item)]));
}

function describeError({ name, message, cause }: Error): unknown {
  return cause === undefined ? { name, message } : { name, message, cause: describeValue(cause) };
}
