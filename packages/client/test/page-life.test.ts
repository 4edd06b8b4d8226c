import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();
const room = t.channel({ event: z.string(), history: { size: 10 }, subscribe: () => true });
const router = t.router({ room, slow: t.mutation(() => new Promise<number>((resolve) => setImmediate(resolve, 1))) });

/** The page of a browser, as far as it tells of its life. */
class FakePage extends EventTarget {
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });

  goIntoCache(persisted = true): void {
    this.dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
  }

  comeBack(): void {
    this.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  }
}

let page: FakePage;

beforeEach(() => {
  page = new FakePage();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', page.document);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a page that goes into the back/forward cache', () => {
  it('lets go of its connection and tries no other', async () => {
    const served = await opened(serveClient(router));
    page.goIntoCache();
    await settled();
    expect(served.client.status).toMatchObject({
      state: 'reconnecting',
      retryAtMs: null,
      attempt: 0,
      error: { code: 'LOST', closeCode: 4000 },
    });
    const connections = served.network.pairs.length;
    await served.environment.clock.advanceAsync(20_000);
    expect(served.network.pairs).toHaveLength(connections);
  });

  it('goes on with its session when it comes back, and has missed nothing', async () => {
    const served = await opened(serveClient(router));
    const events: string[] = [];
    const subscription = served.client.api.room.subscribe();
    subscription.on('event', (event) => events.push(event));
    const gaps = vi.fn();
    subscription.on('gap', gaps);
    await settled();

    page.goIntoCache();
    await settled();
    await served.wire.publish(room(), 'while away');
    page.comeBack();
    await settled();
    expect(served.client.status).toMatchObject({ state: 'open', session: 'resumed', error: null });
    expect(events).toEqual(['while away']);
    expect(gaps).not.toHaveBeenCalled();
  });

  it('keeps the call that was on its way', async () => {
    const served = await opened(serveClient(router));
    const call = served.client.api.slow.mutate();
    page.goIntoCache();
    page.comeBack();
    expect(await call).toBe(1);
  });

  it('leaves a connection alone that is about to end with its page', async () => {
    const served = await opened(serveClient(router));
    page.goIntoCache(false);
    await settled();
    expect(served.client.status.state).toBe('open');
  });

  it('forgets the attempt that was planned', async () => {
    const served = await opened(serveClient(router));
    served.network.reachable = false;
    served.network.cut();
    await settled();
    expect(served.client.status.retryAtMs).not.toBeNull();
    page.goIntoCache();
    const connections = served.network.pairs.length;
    await served.environment.clock.advanceAsync(60_000);
    expect(served.network.pairs).toHaveLength(connections);

    served.network.reachable = true;
    page.comeBack();
    await settled();
    expect(served.client.status.state).toBe('open');
  });
});

it('a page that is frozen, and is no longer, goes on with its session', async () => {
  const served = await opened(serveClient(router));
  page.document.dispatchEvent(new Event('freeze'));
  await settled();
  expect(served.client.status).toMatchObject({ state: 'reconnecting', retryAtMs: null });
  page.document.dispatchEvent(new Event('resume'));
  await settled();
  expect(served.client.status).toMatchObject({ state: 'open', session: 'resumed' });
});

it('a page that is seen again asks the server for a sign of life, and a hidden one does not', async () => {
  const served = await opened(serveClient(router));
  served.network.pairs.at(-1)?.hold();
  Object.assign(page.document, { visibilityState: 'hidden' });
  page.document.dispatchEvent(new Event('visibilitychange'));
  await served.environment.clock.advanceAsync(3_000);
  expect(served.client.status.state).toBe('open');

  Object.assign(page.document, { visibilityState: 'visible' });
  page.document.dispatchEvent(new Event('visibilitychange'));
  await served.environment.clock.advanceAsync(3_000);
  expect(served.client.status).toMatchObject({ state: 'reconnecting', error: { closeCode: 4001 } });
});

it('a client that was closed follows its page no longer', async () => {
  const served = await opened(serveClient(router));
  await served.client.close();
  page.goIntoCache();
  page.comeBack();
  await settled();
  expect(served.client.status.state).toBe('closed');
  expect(served.network.pairs).toHaveLength(1);
});
