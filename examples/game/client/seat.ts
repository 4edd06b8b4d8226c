import { type CallError, safe } from '@typewire/client';
import type { Input } from '../shared/rules.ts';
import { Steering } from './steering.ts';
import type { Wire } from './wire.ts';

/** Until one who found no room asks again. */
const ASK_AGAIN_MS = 3_000;

/** Our place in the game: one long call, which is made again whenever it ends. */
export class Seat {
  readonly #wire: Wire;
  readonly #refused: (error: CallError) => void;
  #steering: Steering = new Steering();

  constructor(wire: Wire, refused: (error: CallError) => void) {
    this.#wire = wire;
    this.#refused = refused;
    void this.#play();
  }

  steer(input: Input): void {
    // What we want now is of no use to a server that we reach later.
    if (this.#wire.status.state === 'open') this.#steering.push(input);
  }

  async #play(): Promise<void> {
    while (this.#wire.status.state !== 'closed') {
      this.#steering = new Steering();
      const options = { upload: this.#steering, timeoutMs: Number.POSITIVE_INFINITY };
      // Over a short loss of the connection it goes on by itself. After a longer one it ends, and the next one waits.
      const result = await safe(this.#wire.api.play.mutate(undefined, options));
      if (result.ok || result.error.delivery !== 'answered') continue;
      this.#refused(result.error);
      if (result.error.code === 'PLAYS_ELSEWHERE') return;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
