import { createClient } from '@typewire/client';
import type { api } from './api.ts';

const wire = createClient<typeof api>({ url: process.env['URL'] ?? 'ws://localhost:3000/wire' });

const lobby = wire.api.room.subscribe({ room: 'lobby' }, { rewind: 10 });
lobby.on('event', ({ text, at }) => console.log(at.toISOString(), text)); // `at` is a Date
lobby.on('gap', () => console.log('Something was missed that cannot be recovered.'));
wire.on('status', ({ state }) => state !== 'open' && console.log(state));

await wire.api.say.mutate({ room: 'lobby', text: 'Hello' });
