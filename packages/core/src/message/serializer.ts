import SuperJSON from 'superjson';

/**
 * Turns values JSON cannot express into JSON and metadata, and back. Plain JSON values never reach it. Metadata from
 * a peer is checked against the value before `deserialize` sees it, see `metadata.ts`.
 */
export interface Serializer {
  serialize(value: unknown): { json: unknown; meta?: unknown };
  deserialize(parts: { json: unknown; meta: unknown }): unknown;
}

/**
 * superjson with its defaults: `Date`, `Map`, `Set`, `BigInt`, `URL`, `Error`, `undefined`, `NaN`, infinities and
 * typed arrays. A value travels as a tree: an object that stands in it twice arrives as two.
 */
export function createSuperjsonSerializer(): Serializer {
  const superjson = new SuperJSON();
  return {
    serialize(value) {
      const { json, meta } = superjson.serialize(value);
      return { json, meta: meta?.values === undefined ? undefined : { values: meta.values, v: 1 } };
    },
    deserialize({ json, meta }) {
      // The parsed message belongs to us alone, so it may be changed in place instead of copied.
      return superjson.deserialize({ json: json as never, meta: meta as never }, { inPlace: true });
    },
  };
}
