import { setTimeout as pause } from 'node:timers/promises';
import { tracked, typewire } from '@typewire/server';
import { z } from 'zod';

/** What the handlers of a server share. */
export interface ServiceState {
  /** Handlers that run, streams included. */
  running: number;
}

const t = typewire();
const tick = z.object({ server: z.number(), seq: z.number() });

/** The service under load. `ran` is told of every run of a mutation before its handler does anything else. */
export function declareService(server: number, ran: (mutation: number) => void) {
  const state: ServiceState = { running: 0 };
  const kept = t.channel({ event: tick, subscribe: () => true, history: { size: 500, ttlMs: 600_000 } });
  const passing = t.channel({ event: tick, subscribe: () => true });
  const chat = t.channel({ event: z.tuple([z.number(), z.number()]), subscribe: () => true, publish: () => true });
  const held = t.input(z.object({ mutation: z.number(), holdMs: z.number() }));
  const act = held.mutation(async ({ input, signal }) => {
    ran(input.mutation);
    state.running++;
    try {
      if (input.holdMs > 0) await pause(input.holdMs, undefined, { signal });
      return { answer: input.mutation * 2, server };
    } finally {
      state.running--;
    }
  });
  const look = t.input(z.object({ number: z.number(), padding: z.string() })).query(({ input }) => input.number * 3);
  const count = t.input(z.number()).stream(async function* ({ input }) {
    state.running++;
    try {
      for (let index = 0; index < input; index++) yield index;
    } finally {
      state.running--;
    }
  });
  // Numbered, so that it goes on over a session that is lost and a server that is gone.
  const countOn = t.input(z.number()).stream(async function* ({ input, lastEventId }) {
    state.running++;
    try {
      for (let index = Number(lastEventId ?? -1) + 1; index < input; index++) yield tracked(String(index), index);
    } finally {
      state.running--;
    }
  });
  const store = t.upload(z.number()).mutation(async ({ incoming }) => {
    state.running++;
    try {
      let next = 0;
      for await (const number of incoming) {
        if (number !== next++) return -1;
      }
      return next;
    } finally {
      state.running--;
    }
  });
  return { state, kept, passing, router: t.router({ kept, passing, chat, act, look, count, countOn, store }) };
}

export type Service = ReturnType<typeof declareService>['router'];
