import { safe } from '@typewire/client';
import { POINT_SIZE, type Stroke } from '../shared/ink.ts';
import { Cursors } from './cursors.ts';
import { Drawing } from './drawing.ts';
import { Line } from './line.ts';
import { LiveInk } from './live-ink.ts';
import { Outbox } from './outbox.ts';
import { OwnStrokes } from './own-strokes.ts';
import { type Person, peopleOf } from './people.ts';
import { BoardLayer } from './view/board-layer.ts';
import { Camera, type Point } from './view/camera.ts';
import { confirmClear } from './view/clear-dialog.ts';
import { ConnectionBadge } from './view/connection-badge.ts';
import { find } from './view/dom.ts';
import { LiveLayer } from './view/live-layer.ts';
import { Notice } from './view/notice.ts';
import { Pen, type PenPoint } from './view/pen.ts';
import { PeopleList } from './view/people-list.ts';
import { Theme } from './view/theme.ts';
import { Toolbar } from './view/toolbar.ts';
import type { Wire } from './wire.ts';

/** One board in this page: what is on the wire on one side, what is on the screen on the other. */
export class Whiteboard {
  readonly #wire: Wire;
  readonly #me: string;
  readonly #board: string;
  readonly #drawing: Drawing = new Drawing();
  readonly #outbox: Outbox;
  readonly #own: OwnStrokes;
  readonly #ink: LiveInk;
  readonly #cursors: Cursors;
  readonly #camera: Camera = new Camera();
  readonly #boardLayer: BoardLayer;
  readonly #liveLayer: LiveLayer;
  readonly #toolbar: Toolbar;
  readonly #peopleList: PeopleList;
  readonly #notice: Notice = new Notice();
  readonly #hint: HTMLElement = find('hint', HTMLElement);
  /** Whether we know what is on the board. */
  #isBegun = false;
  #people: Map<string, Person> = new Map();
  #line: Line | null = null;
  #isFramePlanned = false;
  #lastFrameMs = 0;

  constructor(wire: Wire, me: { readonly id: string; readonly name: string }, board: string) {
    this.#wire = wire;
    this.#me = me.id;
    this.#board = board;
    document.title = `${board} · Typewire whiteboard`;
    find('board-name', HTMLElement).textContent = board;

    const changed = (): void => this.#planFrame();
    this.#outbox = new Outbox(wire, board, {
      changed,
      refused: ({ code, message }) =>
        this.#notice.pass(code === 'BOARD_FULL' ? 'This board is full: your line found no room.' : message),
    });
    this.#own = new OwnStrokes(me.id, this.#outbox);
    this.#ink = new LiveInk(wire, board, (id) => this.#drawing.has(id), changed);
    this.#cursors = new Cursors(wire, me.id, board, changed);

    const theme = new Theme(() => this.#cameraMoved());
    this.#boardLayer = new BoardLayer(this.#camera, theme, changed);
    this.#liveLayer = new LiveLayer(this.#camera, theme, changed);
    this.#peopleList = new PeopleList(me.id);
    this.#toolbar = new Toolbar({
      undo: () => this.#own.undo(this.#visible()),
      redo: () => this.#own.redo(),
      clear: () => void this.#clear(),
      fit: () => this.#fit(),
    });
    new ConnectionBadge(wire);
    new Pen(find('live', HTMLCanvasElement), this.#camera, {
      begin: (point) => this.#beginLine(point),
      draw: (points) => this.#draw(points),
      end: () => this.#endLine(),
      cancel: () => {
        this.#line = null;
        changed();
      },
      hover: (point) => {
        this.#cursors.move(point);
        changed();
      },
      moved: () => this.#cameraMoved(),
    });
    this.#follow(me.name);
    wire.on('status', changed);
  }

  #follow(name: string): void {
    const subscription = this.#wire.api.board.subscribe({ board: this.#board });
    // At first, and again whenever the server cannot tell what was missed.
    subscription.on('snapshot', (strokes) => {
      this.#drawing.begin(strokes);
      this.#outbox.settleDone();
      for (const { id } of strokes) this.#settle(id);
      if (!this.#isBegun && strokes.length > 0) this.#fit();
      this.#isBegun = true;
      this.#planFrame();
    });
    subscription.on('event', (event) => {
      this.#drawing.apply(event);
      if (event.type === 'added') this.#settle(event.stroke.id);
      else if (event.type === 'removed') this.#outbox.settle(event.id);
      else {
        this.#outbox.settleDone();
        if (event.by !== this.#me) this.#notice.pass(`${this.#nameOf(event.by)} cleared the board.`);
      }
      this.#planFrame();
    });
    subscription.presence.update({ name });
    subscription.presence.on('sync', () => {
      const before = this.#people;
      this.#people = peopleOf(subscription.presence);
      for (const id of before.keys()) {
        if (this.#people.has(id)) continue;
        this.#cursors.drop(id);
        this.#ink.dropOf(id);
      }
      this.#planFrame();
    });
  }

  #settle(id: string): void {
    this.#outbox.settle(id);
    this.#ink.finish(id);
  }

  /** All lines as they show: those on the board, and ours on the way there; without those we are taking off. */
  #visible(): Stroke[] {
    const drawn = this.#outbox.drawn.filter(({ id }) => !this.#drawing.has(id));
    const { undone } = this.#outbox;
    return [...this.#drawing.strokes, ...drawn].filter(({ id }) => !undone.has(id));
  }

  #beginLine(point: PenPoint): void {
    const line = new Line(this.#me, this.#toolbar.colour, this.#toolbar.width);
    line.add(point, this.#camera.zoom);
    this.#line = line;
    this.#ink.begin();
    this.#planFrame();
  }

  #draw(points: readonly PenPoint[]): void {
    for (const point of points) {
      if (this.#line?.isFull) {
        const { last } = this.#line;
        this.#endLine();
        this.#beginLine(last);
      }
      this.#line?.add(point, this.#camera.zoom);
    }
    this.#planFrame();
  }

  #endLine(): void {
    if (this.#line !== null) this.#own.draw(this.#line.stroke);
    this.#line = null;
  }

  async #clear(): Promise<void> {
    if (!(await confirmClear())) return;
    // With a short patience: nobody wants a board cleared that others have drawn on meanwhile.
    const result = await safe(this.#wire.api.clear.mutate({ board: this.#board }, { timeoutMs: 5_000 }));
    if (result.ok) return;
    const { error } = result;
    this.#notice.pass(
      error.code === 'NOT_OWNER'
        ? `This board is ${this.#nameOf(error.data.owner)}’s to clear.`
        : `Not cleared: ${error.message}.`,
    );
  }

  #nameOf(id: string): string {
    return this.#people.get(id)?.name ?? 'Somebody who has left';
  }

  #fit(): void {
    this.#camera.fit(pointsOf(this.#visible()));
    this.#cameraMoved();
  }

  #cameraMoved(): void {
    this.#boardLayer.invalidate();
    this.#planFrame();
  }

  /** Once per frame, however many events came in it; what we have to tell leaves with it, too. */
  #planFrame(): void {
    if (this.#isFramePlanned) return;
    this.#isFramePlanned = true;
    requestAnimationFrame((nowMs) => {
      this.#isFramePlanned = false;
      this.#frame(nowMs);
    });
  }

  #frame(nowMs: number): void {
    const stroke = this.#line?.stroke;
    if (stroke !== undefined) this.#ink.send(stroke);
    this.#cursors.send();
    const isMoving = this.#cursors.glide(Math.min(100, nowMs - this.#lastFrameMs));
    this.#lastFrameMs = nowMs;

    const visible = this.#visible();
    this.#boardLayer.show(visible);
    const cursors = this.#cursors.all.flatMap(({ by, at }) => {
      const person = this.#people.get(by);
      return person === undefined ? [] : { at, ...person };
    });
    this.#liveLayer.show(stroke === undefined ? this.#ink.strokes : [...this.#ink.strokes, stroke], cursors);
    const { owner } = this.#drawing;
    this.#peopleList.show(this.#people, owner);
    this.#toolbar.allow({
      undo: this.#own.newest(visible) !== undefined,
      redo: this.#own.canRedo,
      clear: owner !== null,
    });
    this.#notice.stay(this.#describeConnection());
    this.#hint.hidden = !this.#isBegun || visible.length > 0 || stroke !== undefined;
    // What could not be sent yet has another try; whatever glides goes on.
    if (isMoving || this.#cursors.hasNews || stroke !== undefined) this.#planFrame();
  }

  #describeConnection(): string {
    const { state, error } = this.#wire.status;
    if (state === 'open') return '';
    if (state === 'closed') return `The server has closed the connection: ${error?.message ?? 'for good'}.`;
    const { waiting } = this.#outbox;
    const kept =
      waiting === 0 ? 'What you draw is kept' : `${waiting} ${waiting === 1 ? 'change is' : 'changes are'} kept`;
    return `No connection. ${kept}, and sent when it is back.`;
  }
}

function* pointsOf(strokes: readonly Stroke[]): Generator<Point> {
  for (const { points } of strokes) {
    for (let index = 0; index < points.length; index += POINT_SIZE) {
      yield { x: points[index] as number, y: points[index + 1] as number };
    }
  }
}
