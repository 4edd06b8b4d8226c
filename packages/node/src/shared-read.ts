import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/** As much as a read of Node's own takes. With 256 KiB a message of 1 MiB costs twice as much: the cache is left. */
const READ_BYTES = 65_536;

/**
 * What every socket reads into, one after the other: whoever is given it has copied what it keeps before the
 * next read, and the memory stays in the processor's cache. Node's own way takes 64 KiB anew for each read.
 */
const memory = Buffer.allocUnsafeSlow(READ_BYTES);

interface ReadableHandle {
  useUserBuffer?(buffer: Buffer): void;
}

type Keyed = Record<symbol, unknown> & { readonly _handle?: ReadableHandle | null };

/** Takes `memory[0, bytes)`, which is good until it returns; `false` would stop the reading. */
type OnRead = (bytes: number, memory: Buffer) => boolean;

interface Keys {
  readonly buffer: symbol;
  readonly callback: symbol;
}

/**
 * `onread` is a documented option, but of sockets that one makes oneself and not of those a server accepts. Where
 * this Node keeps it is learned from a socket that was made with it.
 */
function findKeys(): Keys | null {
  const callback: OnRead = () => true;
  const options: SocketConstructorOpts & { onread: { buffer: Buffer; callback: OnRead } } = {
    onread: { buffer: memory, callback },
  };
  const probe = new Socket(options) as unknown as Keyed;
  const keyOf = (value: unknown) => Object.getOwnPropertySymbols(probe).find((key) => probe[key] === value);
  const keys = { buffer: keyOf(memory), callback: keyOf(callback) };
  return keys.buffer === undefined || keys.callback === undefined ? null : (keys as Keys);
}

const keys = findKeys();

/**
 * Has `socket` give what arrives to `onChunk` in shared memory, without its events `data`; whoever was given it before
 * gets no more. Returns `false`, having done nothing, where that cannot be had; the caller then listens for `data`.
 * What the socket holds already remains to be read.
 */
export function readShared(socket: Duplex, onChunk: (chunk: Uint8Array) => void): boolean {
  if (keys === null || !(socket instanceof Socket)) return false;
  const keyed = socket as unknown as Keyed;
  const handle = keyed._handle;
  const before = keyed[keys.buffer];
  // A socket that was given a buffer by others belongs to them.
  if (typeof handle?.useUserBuffer !== 'function' || (before !== null && before !== memory)) return false;
  const onRead: OnRead = (bytes, chunk) => {
    onChunk(chunk.subarray(0, bytes));
    return true;
  };
  keyed[keys.callback] = onRead;
  if (before === memory) return true;
  keyed[keys.buffer] = memory;
  handle.useUserBuffer(memory);
  return true;
}
