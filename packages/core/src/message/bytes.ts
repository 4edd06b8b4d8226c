/** What a `Blob` is to this package, which knows no platform. A `File` also has a name. */
interface BlobLike {
  readonly type: string;
  readonly name?: string;
  readonly lastModified?: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

type MakeBlob = new (parts: readonly Uint8Array[], options: { readonly type: unknown }) => object;
type MakeFile = new (
  parts: readonly Uint8Array[],
  name: unknown,
  options: { readonly type: unknown; readonly lastModified: unknown },
) => object;
declare const Blob: MakeBlob;
declare const File: MakeFile;

type TypedArrayConstructor = { new (buffer: ArrayBuffer): ArrayBufferView; readonly BYTES_PER_ELEMENT: number };

const typedArrays: ReadonlyMap<unknown, TypedArrayConstructor> = new Map(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
  ].map((typedArray) => [typedArray.name, typedArray]),
);
const others: ReadonlySet<string> = new Set(['ArrayBuffer', 'Blob', 'File']);

/** The kind of a value whose contents travel as an attachment; `null` for any other. A subclass is of its parent's kind. */
export function bytesKind(value: object): string | null {
  if (ArrayBuffer.isView(value)) {
    // `DataView`, or a typed array: Node's Buffer is a Uint8Array.
    const kind: string = (value as Uint8Array)[Symbol.toStringTag];
    return kind === 'DataView' || typedArrays.has(kind) ? kind : null;
  }
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return others.has(kind) ? kind : null;
}

/**
 * Bytes in the place where they stand in a value, until it is known which attachment they become. In JSON they are
 * `[index, kind, …]`; a Blob has its type behind that, a File its name and time too. protocol: "Values".
 */
export class BytesSlot {
  readonly #kind: string;
  readonly #value: object;

  constructor(value: object) {
    this.#kind = bytesKind(value) ?? '';
    this.#value = value;
  }

  /** Whether the contents can only be had later. */
  get isBlob(): boolean {
    return this.#kind === 'Blob' || this.#kind === 'File';
  }

  /** The contents, as a view; not for a Blob. */
  get bytes(): Uint8Array {
    const value = this.#value;
    if (!ArrayBuffer.isView(value)) return new Uint8Array(value as ArrayBuffer);
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }

  toJson(index: number): readonly unknown[] {
    const { type, name, lastModified } = this.#value as BlobLike;
    switch (this.#kind) {
      case 'Blob':
        return [index, 'Blob', type];
      case 'File':
        return [index, 'File', type, name, lastModified];
      default:
        return [index, this.#kind];
    }
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array(await (this.#value as BlobLike).arrayBuffer());
  }
}

/** Whether JSON of a peer stands for bytes it sent. Adds the attachment to `used`, in which none may be twice. */
export function isSafeBytes(json: unknown, attachments: readonly Uint8Array[], used: Set<number>): boolean {
  if (!Array.isArray(json)) return false;
  const [index, kind, type, name, lastModified] = json;
  const bytes = Number.isSafeInteger(index) ? attachments[index] : undefined;
  if (bytes === undefined || used.has(index)) return false;
  used.add(index);
  switch (kind) {
    case 'ArrayBuffer':
    case 'DataView':
      return json.length === 2;
    case 'Blob':
      return json.length === 3 && typeof type === 'string';
    case 'File':
      return (
        json.length === 5 && typeof type === 'string' && typeof name === 'string' && Number.isSafeInteger(lastModified)
      );
    default: {
      const size = typedArrays.get(kind)?.BYTES_PER_ELEMENT;
      return json.length === 2 && size !== undefined && bytes.length % size === 0;
    }
  }
}

/**
 * Revives what `isSafeBytes` has found right. The bytes are copied: a view would keep the whole message in memory, and
 * the chunk of the network it came in, would share it with others, and may not begin where its elements can.
 */
export function reviveBytes(json: readonly unknown[], attachments: readonly Uint8Array[]): object {
  const [index, kind, type, name, lastModified] = json;
  const view = attachments[index as number] as Uint8Array;
  // These two copy by themselves.
  if (kind === 'Blob') return new Blob([view], { type });
  if (kind === 'File') return new File([view], name, { type, lastModified });
  const { buffer } = new Uint8Array(view);
  if (kind === 'ArrayBuffer') return buffer;
  if (kind === 'DataView') return new DataView(buffer);
  return new (typedArrays.get(kind) as TypedArrayConstructor)(buffer);
}
