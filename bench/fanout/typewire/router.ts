import { typewire } from '@typewire/server';
import { z } from 'zod';
import { eventNumber } from '../fan-event.ts';
import { everybody } from '../fan-params.ts';

const t = typewire();

const topic = t.channel({
  params: z.object({ name: z.string() }),
  event: z.object({ n: z.number(), text: z.string() }),
  subscribe: () => true,
});

export const router = t.router({
  topic,
  publish: t
    .input(z.number())
    .mutation(({ input, publish }) => publish(topic({ name: everybody }), eventNumber(input))),
});
