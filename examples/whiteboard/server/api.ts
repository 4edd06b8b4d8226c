import { typewire } from '@typewire/server';
import { z } from 'zod';
import { MAX_BOARD_POINTS } from '../shared/ink.ts';
import { Boards } from './boards.ts';
import { BoardEvent, BoardName, Cursor, DrawnStroke, Ink, PersonName, StrokeId } from './schemas.ts';

/** What `authenticate` found out about a connection; every handler and rule gets it as `ctx`. */
export interface Context {
  readonly user: { readonly id: string };
}

const t = typewire<Context>();
const params = z.object({ board: BoardName });
const boards = new Boards();

/**
 * What is on a board: its strokes as a snapshot, and then what happens to them. Whoever was away for a moment is given the
 * events they missed from the history; after longer, a new snapshot. Its presence says who is there.
 */
export const board = t.channel({
  params,
  event: BoardEvent,
  snapshot: ({ params }) => boards.find(params.board)?.strokes ?? [],
  history: { size: 500, ttlMs: 600_000 },
  presence: z.object({ name: PersonName }),
  subscribe: () => true,
});

/**
 * Lines while they are drawn. Nothing here is needed: a line that is finished comes whole on `board`. So there is no history,
 * and for a slow reader the oldest go, rather than that the lines trail behind.
 */
const ink = t.channel({
  params,
  event: Ink,
  overflow: 'drop-oldest',
  maxQueuedBytes: 32_768,
  subscribe: () => true,
  publish: ({ ctx, event }) => event.by === ctx.user.id,
});

/** Where everybody points at. Of one person only the newest counts, for all within 30 ms and for slow readers at any time. */
const cursors = t.channel({
  params,
  event: Cursor,
  key: ({ by }) => by,
  conflateMs: 30,
  overflow: 'latest-per-key',
  maxQueuedBytes: 32_768,
  subscribe: () => true,
  publish: ({ ctx, event }) => event.by === ctx.user.id,
});

/** All there is to call and to follow. The client imports its type, and nothing else. */
export const api = t.router({
  board,
  ink,
  cursors,

  /** The public id of whoever asks. */
  me: t.query(({ ctx }) => ctx.user.id),

  /** Puts a finished line on the board. In each of these the state changes first, and is told then: `snapshot` relies on it. */
  draw: t
    .input(z.object({ board: BoardName, stroke: DrawnStroke }))
    .errors({ BOARD_FULL: z.object({ maxPoints: z.number() }) })
    .mutation(async ({ input, ctx, publish, fail }) => {
      const stroke = { ...input.stroke, by: ctx.user.id };
      if (!boards.open(input.board).add(stroke)) throw fail('BOARD_FULL', { maxPoints: MAX_BOARD_POINTS });
      await publish(board({ board: input.board }), { type: 'added', stroke });
    }),

  /** Takes a line off again, for whoever drew it. */
  undo: t.input(z.object({ board: BoardName, id: StrokeId })).mutation(async ({ input, ctx, publish, fail }) => {
    const opened = boards.open(input.board);
    const stroke = opened.get(input.id);
    // Gone already, with the whole board perhaps.
    if (stroke === undefined) return;
    if (stroke.by !== ctx.user.id) throw fail('FORBIDDEN', 'only who drew a line may take it off');
    opened.remove(stroke);
    await publish(board({ board: input.board }), { type: 'removed', id: input.id });
  }),

  /** Wipes the board, for its owner. */
  clear: t
    .input(params)
    .errors({ NOT_OWNER: z.object({ owner: z.string() }) })
    .mutation(async ({ input, ctx, publish, fail }) => {
      const opened = boards.open(input.board);
      if (opened.owner === null) return;
      if (opened.owner !== ctx.user.id) throw fail('NOT_OWNER', { owner: opened.owner });
      opened.clear();
      await publish(board(input), { type: 'cleared', by: ctx.user.id });
    }),
});
