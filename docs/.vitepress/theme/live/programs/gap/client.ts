// Runs twice: once for Ann, once for Ben.
import { createClient } from '@typewire/client';
import type { api } from './api.ts';
import { connect, screen } from './tab.ts';

export const wire = createClient<typeof api>({ url: 'memory:', connect });
wire.on('status', ({ state, session }) => screen.status(state, session));

const readings = wire.api.readings.subscribe();
readings.on('event', ({ number, at }) => screen.line('reading', `${number}`, at));
readings.on('gap', (_position, { missed }) => screen.note(`A gap: ${missed ?? 'some'} readings are lost.`));
readings.on('snapshot', ({ last }) => screen.note(`State: the last reading is ${last}.`));
readings.on('status', ({ outcome }) => outcome && screen.note(`Subscribed: ${outcome}.`));

screen.onSay(async (text) => {
  await wire.api.measure.mutate(Number(text), { idempotencyKey: true });
});
