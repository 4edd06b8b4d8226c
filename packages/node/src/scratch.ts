/** Twice the largest frame that is copied, and about what one read of a socket can be answered with. */
const SCRATCH_BYTES = 65_536;

/** With less room left, a fresh buffer is begun. */
const MIN_ROOM_BYTES = 32_768;

/**
 * Memory for the frames of the one connection that is being served right now. Most writes are taken by the
 * kernel at once, and then the next connection writes into the same bytes: no allocation, and the memory
 * stays in the cache. Bytes that a socket still needs are left alone; the rest of the buffer stays in use,
 * so a slow socket pins what it queues and not 64 KiB for each write.
 */
export class Scratch {
  memory: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  start = 0;
  #taken = false;

  /** Whether the caller may now write from {@link start} on. Frames that could not fit need memory of their own. */
  take(bytes: number): boolean {
    if (this.#taken || bytes > MIN_ROOM_BYTES) return false;
    this.#taken = true;
    return true;
  }

  /** Ends the use; bytes before `neededUpTo` still belong to a socket. */
  release(neededUpTo: number): void {
    this.#taken = false;
    this.start = neededUpTo;
    if (SCRATCH_BYTES - neededUpTo >= MIN_ROOM_BYTES) return;
    this.memory = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    this.start = 0;
  }
}

/** The scratch memory of this process. */
export const scratch: Scratch = new Scratch();
