import { type ReactNode, StrictMode, Suspense, version } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';
import { router } from './chat-service.ts';
import { type ServedPage, servePage } from './served-page.ts';

const HELLO = 1;
const OPEN = 20;
const SUBSCRIBE = 32;
const WATCH = 41;

let page: ServedPage<(typeof router)['~tree']>;

afterEach(() => page.client.close());

function useStates(): string {
  const { api } = page.client;
  const { status } = useSubscription(api.room, { room: 'lobby' });
  const { status: presence, count } = usePresence(api.room, { room: 'lobby' });
  const { status: counting } = useStream(api.count, { to: 2 });
  const { state } = useStatus(page.client);
  return [state, status, presence, count.members, counting].join();
}

function App() {
  return <p>{useStates()}</p>;
}

function AppWithBoundary() {
  const states = useStates();
  return (
    <Suspense>
      <p>{states}</p>
    </Suspense>
  );
}

it('is rendered as connecting, whatever the client already is, and opens nothing', async () => {
  page = servePage(router);
  await expect.poll(() => page.client.status.state).toBe('open');
  expect(renderToString(<App />)).toContain('connecting,connecting,connecting,0,connecting');
  await Promise.resolve();
  expect(page.sent(HELLO, SUBSCRIBE, WATCH, OPEN)).toEqual([HELLO]);
});

/** Renders as a server does, then has the page take over; gives what React had to recover from. */
async function hydrated(app: ReactNode): Promise<unknown[]> {
  page = servePage(router);
  await expect.poll(() => page.client.status.state).toBe('open');
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = renderToString(app);
  const recovered: unknown[] = [];
  const root = hydrateRoot(container, <StrictMode>{app}</StrictMode>, {
    onRecoverableError: (error) => recovered.push(error),
  });
  await expect.poll(() => container.textContent).toBe('open,live,live,0,done');
  // What presence needs is loaded when it is first asked for.
  await expect.poll(() => page.sent(SUBSCRIBE, WATCH, OPEN)).toEqual([SUBSCRIBE, OPEN, WATCH]);
  root.unmount();
  container.remove();
  return recovered;
}

it('is hydrated without a complaint, and then follows', async () => {
  const complaints = vi.spyOn(console, 'error');
  const recovered = await hydrated(
    <Suspense>
      <App />
    </Suspense>,
  );
  expect(recovered).toEqual([]);
  expect(complaints).not.toHaveBeenCalled();
});

it('is hydrated with a boundary below its hooks, which React 18 draws anew instead', async () => {
  const recovered = await hydrated(<AppWithBoundary />);
  const boundary = expect.objectContaining({
    message: expect.stringContaining('Suspense boundary received an update before it finished hydrating'),
  });
  expect(recovered).toEqual(version.startsWith('18.') ? [boundary] : []);
});
