import { createClient } from '@typewire/client';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';
import type { router } from './chat-service.ts';

const wire = createClient<typeof router>({ url: '/wire' });

function App() {
  const { status } = useSubscription(wire.api.room, { room: 'lobby' });
  const { status: presence } = usePresence(wire.api.room, { room: 'lobby' });
  const { status: counting } = useStream(wire.api.count, { to: 2 });
  const { state } = useStatus(wire);
  return <p>{[state, status, presence, counting].join()}</p>;
}

it('renders connecting where there is no page, and a client with a path opens no socket there', async () => {
  const sockets = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|Connect|DNS|TLS/i.test(name));
  const before = sockets();
  expect(renderToString(<App />)).toBe('<p>connecting,connecting,connecting,connecting</p>');
  await new Promise((resolve) => setImmediate(resolve));
  expect(renderToString(<App />)).toBe('<p>connecting,connecting,connecting,connecting</p>');
  expect(sockets()).toEqual(before);
});
