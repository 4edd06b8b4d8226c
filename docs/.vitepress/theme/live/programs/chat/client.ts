// Runs twice: once for Ann, once for Ben.
import { createClient } from '@typewire/client';
import type { api } from './api.ts';
import { connect, me, screen } from './tab.ts';

export const wire = createClient<typeof api>({ url: 'memory:', connect, auth: { name: me } });
wire.on('status', ({ state, session }) => screen.status(state, session));

const room = wire.api.room.subscribe(undefined, { rewind: 10 });
room.on('event', ({ from, text, at }) => screen.line(from, text, at));
room.on('gap', () => screen.note('Something was missed that cannot be recovered.'));

room.presence.update({ name: me });
room.presence.on('sync', () => {
  screen.people([...room.presence.members.values()].map(({ name }) => name));
});

screen.onSay(async (text) => {
  // Waits while there is no connection; sent again by itself, and run once.
  await wire.api.say.mutate(text, { idempotencyKey: true });
});
