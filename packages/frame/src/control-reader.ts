/** §5.5: control frames carry at most this much, and may not be fragmented. */
export const MAX_CONTROL_BYTES = 125;

/** Collects the payload of one control frame, which the network may still deliver in pieces. */
export class ControlReader {
  #collected: Uint8Array | null = null;
  #length = 0;

  /** Takes the next piece and returns the whole payload, in memory of its own, or `null` until it is complete. */
  push(bytes: Uint8Array, start: number, end: number, last: boolean): Uint8Array | null {
    if (last && this.#length === 0) return new Uint8Array(bytes.subarray(start, end));
    this.#collected ??= new Uint8Array(MAX_CONTROL_BYTES);
    this.#collected.set(bytes.subarray(start, end), this.#length);
    this.#length += end - start;
    if (!last) return null;
    const payload = this.#collected.slice(0, this.#length);
    this.#collected = null;
    this.#length = 0;
    return payload;
  }
}
