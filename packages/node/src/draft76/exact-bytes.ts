import type { Duplex } from 'node:stream';

/**
 * Collects `count` bytes behind a head, and calls `onBytes` with them and with what came after them. Returns how to stop
 * that, which leaves the socket paused.
 */
export function readExactly(
  socket: Duplex,
  count: number,
  head: Uint8Array,
  onBytes: (bytes: Uint8Array, rest: Uint8Array) => void,
): () => void {
  let collected = Buffer.from(head);
  const stop = (): void => {
    socket.off('data', read);
    socket.pause();
  };
  const look = (): boolean => {
    if (collected.length < count) return false;
    stop();
    onBytes(collected.subarray(0, count), collected.subarray(count));
    return true;
  };
  function read(chunk: Uint8Array): void {
    collected = Buffer.concat([collected, chunk]);
    look();
  }
  if (!look()) socket.on('data', read).resume();
  return stop;
}
