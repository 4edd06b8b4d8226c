import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();

/** Handlers wait until `release`; `runs` counts how often one began. */
export function declare() {
  const state = { runs: 0, held: true, waiting: [] as Array<() => void>, left: 0 };
  const whenReleased = async (): Promise<void> => {
    state.runs++;
    if (state.held) await new Promise<void>((resolve) => state.waiting.push(resolve));
  };
  const release = async (): Promise<void> => {
    state.held = false;
    for (const resume of state.waiting.splice(0)) resume();
    await settled();
  };
  const passing = t.channel({ event: z.string(), subscribe: () => true, publish: () => true });
  const kept = t.channel({ event: z.string(), subscribe: () => true, history: { size: 10 } });
  const noise = t.channel({ event: z.number(), subscribe: () => true });
  const act = t.mutation(async () => {
    await whenReleased();
    return 'done';
  });
  const look = t.query(async () => {
    await whenReleased();
    return 'seen';
  });
  const count = t.stream(async function* () {
    try {
      for (let index = 0; ; index++) yield index;
    } finally {
      state.left++;
    }
  });
  return { state, release, passing, kept, noise, router: t.router({ passing, kept, noise, act, look, count }) };
}

export type Service = ReturnType<typeof declare>;
export const serve = ({ router }: Service) => opened(serveClient(router, { streamWindow: 4 }));
export type Served = Awaited<ReturnType<typeof serve>>;
