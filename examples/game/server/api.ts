import { typewire } from '@typewire/server';
import { z } from 'zod';
import { MAX_PLAYERS } from '../shared/match.ts';
import { Arena } from './arena.ts';
import { Seats } from './seats.ts';

/** What `authenticate` found out about a connection; every handler and rule gets it as `ctx`. */
export interface Context {
  /** Number of this guest's player. */
  readonly player: number;
}

const t = typewire<Context>();

export const arena = new Arena({ seed: Date.now(), minPlayers: Number(process.env['MIN_PLAYERS'] ?? 4) });
const seats = new Seats();

const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(16)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');

/** As a tuple: a few characters of JSON, less than the envelope of a binary message would be. */
const Input = z
  .tuple([
    z.number().int().min(0).max(0xffff_ffff),
    z.number().int().min(-100).max(100),
    z.number().int().min(-100).max(100),
    z.boolean(),
  ])
  .transform(([seq, x, y, dash]) => ({ seq, x, y, dash }));

/**
 * The arena after each tick, whole and in bytes (shared/snapshot.ts). Only the newest is of use, so all have one key: what a
 * slow connection has not taken yet is replaced, and it is never behind. Nothing is kept: a reader who was away needs nothing
 * but the next. Its presence says who is there, by name.
 */
export const state = t.channel({
  event: z.instanceof(Uint8Array),
  key: () => 'arena',
  overflow: 'latest-per-key',
  presence: z.object({ name: PersonName }),
  subscribe: () => true,
});

/** All there is to call and to follow. The client imports its type, and nothing else. */
export const api = t.router({
  state,

  /** The number of the caller's own player. */
  me: t.query(({ ctx }) => ctx.player),

  /**
   * Plays, as long as the call lasts: the caller uploads what it wants in each tick. It is never more than
   * `limits.uploadWindow` messages ahead, so that what a held up client sends afterwards is little, and old inputs are none.
   */
  play: t
    .errors({ ARENA_FULL: z.object({ maxPlayers: z.number() }), PLAYS_ELSEWHERE: z.object({}) })
    .upload(z.array(Input).min(1).max(8))
    .mutation(async ({ ctx: { player }, incoming, fail }) => {
      if (!arena.enter(player)) throw fail('ARENA_FULL', { maxPlayers: MAX_PLAYERS });
      const seat = seats.take(player);
      try {
        for await (const inputs of incoming) {
          if (!seat.isOurs) throw fail('PLAYS_ELSEWHERE', {});
          arena.steer(player, inputs);
        }
      } finally {
        // Whoever has taken the seat over plays on.
        if (seat.leave()) arena.leave(player);
      }
    }),
});
