import SuperJSON from 'superjson';
import { BytesSlot, bytesKind, reviveBytes } from './bytes.ts';
import { BYTES_TYPE, type CustomType, readTypes } from './custom-type.ts';
import { isSafeMetadata } from './metadata.ts';
import { refuseUnsendable } from './sendable.ts';
import type { Serialized, Serializer } from './serializer.ts';

export interface SuperjsonSerializerOptions {
  /**
   * Classes that travel besides the standard ones, by the name they have on both ends. An older peer that does not
   * know a name closes the connection with 4502. @default none
   */
  readonly types?: Readonly<Record<string, CustomType>>;
}

/**
 * superjson with its defaults: `Date`, `Map`, `Set`, `BigInt`, `URL`, `Error`, `undefined`, `NaN` and infinities; and
 * bytes, which travel as they are: typed arrays (a `Buffer` arrives as a `Uint8Array`), `ArrayBuffer`, `DataView`,
 * `Blob` and `File`. The contents of a Blob are read before its message is made, so that later messages may overtake
 * it. A value travels as a tree: an object that stands in it twice arrives as two.
 *
 * @throws {UsageError} `BAD_OPTION`
 */
export function createSuperjsonSerializer(options: SuperjsonSerializerOptions = {}): Serializer {
  return new SuperjsonSerializer(readTypes(options.types ?? {}));
}

class SuperjsonSerializer implements Serializer {
  readonly #superjson: SuperJSON = new SuperJSON();
  readonly #types: ReadonlyMap<string, CustomType>;
  readonly #list: readonly CustomType[];
  /** What the walk has made of custom instances, while a value is serialized. */
  #encoded: ReadonlyMap<object, unknown> = new Map();
  /** Those of the message, while a value is deserialized. */
  #attachments: readonly Uint8Array[] = [];

  constructor(types: ReadonlyMap<string, CustomType>) {
    this.#types = types;
    this.#list = [...types.values()];
    for (const [name, type] of types) {
      this.#register(name, {
        isApplicable: (value) => type.is(value),
        serialize: (instance) => this.#write(this.#encoded.get(instance)),
        deserialize: ([json, values]) => type.decode(this.#revive(json, values) as never),
      });
    }
    this.#register(BYTES_TYPE, {
      isApplicable: (value) => bytesKind(value) !== null,
      serialize: (value) => new BytesSlot(value),
      deserialize: (json) => reviveBytes(json, this.#attachments),
    });
  }

  serialize(value: unknown, name: string): Serialized | Promise<Serialized> {
    const { encoded, hasBytes } = refuseUnsendable(value, name, this.#list);
    // `encode` is the program's, and may have come here again.
    const outer = this.#encoded;
    this.#encoded = encoded;
    try {
      const { json, meta } = this.#superjson.serialize(value);
      const plain = meta?.values === undefined ? { json } : { json, meta: { values: meta.values, v: 1 } };
      return hasBytes ? attach(plain, name) : plain;
    } finally {
      this.#encoded = outer;
    }
  }

  deserialize({ json, meta, attachments }: Parameters<Serializer['deserialize']>[0]): unknown {
    if (!isSafeMetadata(json, meta, this.#types, attachments)) throw new Error('metadata does not fit its value');
    const outer = this.#attachments;
    this.#attachments = attachments;
    try {
      return this.#revive(json, (meta as { values: unknown }).values);
    } finally {
      this.#attachments = outer;
    }
  }

  /** What a custom type was encoded to, with metadata of its own where it is not plain JSON. */
  #write(encoded: unknown): readonly unknown[] {
    const { json, meta } = this.#superjson.serialize(encoded);
    return meta?.values === undefined ? [json] : [json, meta.values];
  }

  #revive(json: unknown, values: unknown): unknown {
    if (values === undefined) return json;
    // The parsed message belongs to us alone, so it may be changed in place instead of copied.
    return this.#superjson.deserialize(
      { json: json as never, meta: { values: values as never, v: 1 } },
      { inPlace: true },
    );
  }

  #register(name: string, { isApplicable, serialize, deserialize }: Transformer): void {
    const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
    this.#superjson.registerCustom<object, never>(
      {
        isApplicable: (value: unknown): value is object => isObject(value) && isApplicable(value),
        serialize,
        deserialize,
      } as never,
      name,
    );
  }
}

interface Transformer {
  isApplicable(value: object): boolean;
  serialize(value: object): unknown;
  deserialize(json: readonly unknown[]): object;
}

/** Numbers the bytes in the order in which they stand in the JSON, and reads what has to be read. */
function attach({ json, meta }: Serialized, name: string): Serialized | Promise<Serialized> {
  const slots: BytesSlot[] = [];
  const plain = { json: number(json, slots), meta };
  if (!slots.some(({ isBlob }) => isBlob)) return { ...plain, attachments: slots.map(({ bytes }) => bytes) };
  // What can be had at once is copied: the program may go on to change it.
  const contents = slots.map((slot) => (slot.isBlob ? slot.read() : new Uint8Array(slot.bytes)));
  return Promise.all(contents).then(
    (attachments) => ({ ...plain, attachments }),
    (cause: unknown) => {
      throw new Error(`a Blob in ${name} could not be read`, { cause });
    },
  );
}

/** A copy: superjson gives one object for one that stands in a value twice. */
function number(json: unknown, slots: BytesSlot[]): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (json instanceof BytesSlot) return json.toJson(slots.push(json) - 1);
  if (Array.isArray(json)) return json.map((item) => number(item, slots));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, number(item, slots)]));
}
