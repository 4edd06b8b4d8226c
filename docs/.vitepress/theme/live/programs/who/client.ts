// Runs twice: once for Ann, once for Ben.
import { createClient } from '@typewire/client';
import type { api } from './api.ts';
import { connect, me, screen } from './tab.ts';

export const wire = createClient<typeof api>({ url: 'memory:', connect });
wire.on('status', ({ state, session }) => screen.status(state, session));

const { presence } = wire.api.office.subscribe();

presence.on('join', (_id, { name }) => screen.note(`${name} came.`));
presence.on('update', (_id, { name, doing }) => screen.line(name, doing, new Date()));
presence.on('leave', (_id, { name }) => screen.note(`${name} left.`));
presence.on('sync', () => {
  screen.people([...presence.members.values()].map(({ name, doing }) => `${name} (${doing})`));
});

presence.update({ name: me, doing: 'just arrived' });

screen.onSay(async (text) => {
  if (text === 'leave') presence.leave();
  else presence.update({ name: me, doing: text }); // the newest counts; at most one message in 100 ms
});
