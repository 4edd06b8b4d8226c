import type { Ink } from '../server/schemas.ts';
import { POINT_SIZE, type Stroke } from '../shared/ink.ts';
import { InFlight } from './in-flight.ts';
import type { Wire } from './wire.ts';

/** After this long without news whoever drew a line has lost the connection; it comes whole, when they are back. */
const STALE_MS = 10_000;

interface LiveStroke {
  readonly stroke: Stroke;
  readonly points: number[];
  /** Points known to have been drawn, in number; more than are here when some were missed. */
  end: number;
  seenAtMs: number;
}

/** Lines while they are drawn: ours to the others, theirs to us. */
export class LiveInk {
  readonly #wire: Wire;
  readonly #board: string;
  readonly #strokes: Map<string, LiveStroke> = new Map();
  readonly #inFlight: InFlight = new InFlight(6);
  #sent = 0;

  constructor(wire: Wire, board: string, isFinished: (id: string) => boolean, changed: () => void) {
    this.#wire = wire;
    this.#board = board;
    wire.api.ink.subscribe({ board }).on('event', (ink) => {
      // Channels have no order among each other: the whole line may be here before its last points.
      if (isFinished(ink.id)) return;
      this.#receive(ink);
      changed();
    });
  }

  get strokes(): Stroke[] {
    const oldest = performance.now() - STALE_MS;
    for (const [id, { seenAtMs }] of this.#strokes) {
      if (seenAtMs < oldest) this.#strokes.delete(id);
    }
    return [...this.#strokes.values()].map(({ stroke }) => stroke);
  }

  begin(): void {
    this.#sent = 0;
  }

  /** Called once per frame while we draw: sends what has been added since, unless much is still on its way. */
  send(stroke: Stroke): void {
    const from = this.#sent;
    const end = stroke.points.length / POINT_SIZE;
    // Without a connection it would wait in a queue, to be of no use afterwards.
    if (from === end || this.#inFlight.isFull || this.#wire.status.state !== 'open') return;
    this.#sent = end;
    const ink = { ...stroke, from, points: stroke.points.slice(from * POINT_SIZE) };
    this.#inFlight.add(this.#wire.api.ink.publish({ board: this.#board }, ink, { exclude: 'self' }));
  }

  /** The line is whole on the board now. */
  finish(id: string): void {
    this.#strokes.delete(id);
  }

  /** Whoever drew has left. */
  dropOf(by: string): void {
    for (const [id, { stroke }] of this.#strokes) {
      if (stroke.by === by) this.#strokes.delete(id);
    }
  }

  #receive({ from, points, ...ink }: Ink): void {
    let live = this.#strokes.get(ink.id);
    // What does not join on begins anew: a part of a line is better than a wrong one.
    if (live === undefined || from !== live.end) {
      const begun: number[] = [];
      live = { stroke: { ...ink, points: begun }, points: begun, end: from, seenAtMs: 0 };
      this.#strokes.set(ink.id, live);
    }
    live.points.push(...points);
    live.end += points.length / POINT_SIZE;
    live.seenAtMs = performance.now();
  }
}
