import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelStore } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

const t = typewire();

function serve(history?: { size: number }) {
  const news = t.channel({
    params: z.object({ topic: z.string() }),
    event: z.number(),
    subscribe: ({ params }) => params.topic !== 'secret',
    ...(history && { history }),
  });
  const served = serveClient(t.router({ news }));
  const publish = async (...events: number[]): Promise<void> => {
    for (const event of events) await served.wire.publish(news({ topic: 'a' }), event);
    await settled();
  };
  return { ...served, served, publish };
}

/** Tells when a test says so. */
function manual() {
  let waiting: Array<() => void> = [];
  const schedule = (tell: () => void): void => void waiting.push(tell);
  const run = (): void => {
    const due = waiting;
    waiting = [];
    for (const tell of due) tell();
  };
  return { schedule, run };
}

/** Counts how often a view would be drawn. */
function view(store: { subscribe(listener: () => void): () => void }) {
  const state = { drawn: 0, leave: (): void => {} };
  state.leave = store.subscribe(() => void state.drawn++);
  return state;
}

describe('a store of a topic', () => {
  it('holds the events that came, the latest, and how the subscription stands', async () => {
    const { client, publish, served } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' });
    expect(store.snapshot()).toEqual({
      events: [],
      latest: undefined,
      since: [],
      snapshot: undefined,
      status: 'connecting',
      outcome: null,
      gap: null,
      error: null,
      restart: expect.any(Function),
    });
    view(store);
    await settled();
    await publish(1, 2);

    expect(store.snapshot()).toMatchObject({ events: [1, 2], latest: 2, status: 'live', outcome: 'fresh' });
  });

  it('opens nothing until somebody listens, and leaves when nobody does', async () => {
    const { client, served, network } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' });
    store.snapshot();
    await settled();
    const sent = (): string[] =>
      (network.pairs[0]?.left.sent ?? []).map(String).filter((text) => /^\[3[24]/.test(text));
    expect(sent()).toEqual([]);

    const one = view(store);
    const other = view(store);
    await settled();
    one.leave();
    await settled();
    expect(sent()).toHaveLength(1);
    other.leave();
    await settled();
    expect(sent()).toHaveLength(2);
  });

  it('keeps its subscription on the wire when views are replaced in one go', async () => {
    const { client, served, network } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' });
    const first = view(store);
    await settled();
    first.leave();
    view(store);
    await settled();
    expect((network.pairs[0]?.left.sent ?? []).filter((text) => /^\[3[24]/.test(String(text)))).toHaveLength(1);
  });

  it('gives the same object until something has changed, and tells views once for all that came until then', async () => {
    const { client, served, publish } = serve({ size: 10 });
    await publish(1, 2, 3);
    await opened(served);
    const { schedule, run } = manual();
    const store = channelStore(client.api.news, { topic: 'a' }, { schedule });
    const one = view(store);
    await settled();
    run();
    expect(one.drawn).toBe(1);
    const before = store.snapshot();
    expect(before.events).toEqual([1, 2, 3]);
    expect(store.snapshot()).toBe(before);

    await publish(4, 5);
    run();

    expect(one.drawn).toBe(2);
    expect(store.snapshot()).not.toBe(before);
    expect(before.events).toEqual([1, 2, 3]);
  });

  it('keeps no more than it is told to', async () => {
    const { client, served, publish } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' }, { keep: 2 });
    view(store);
    await settled();
    await publish(1, 2, 3);
    expect(store.snapshot().events).toEqual([2, 3]);
  });

  it('says where events are missing, as long as there are some before', async () => {
    const { client, served, publish, network, environment } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' }, { keep: 3 });
    view(store);
    await settled();
    await publish(1, 2);
    served.restart();
    await publish(3);
    await environment.clock.advanceAsync(5_000);
    await settled();
    expect(network.pairs.length).toBeGreaterThan(1);

    expect(store.snapshot()).toMatchObject({ events: [1, 2], gap: { after: 2 }, outcome: 'gap' });
    await publish(4, 5);
    expect(store.snapshot()).toMatchObject({ events: [2, 4, 5], gap: { after: 1 } });
    await publish(6);
    expect(store.snapshot()).toMatchObject({ events: [4, 5, 6], gap: null });
  });

  it('shows why the server refused it', async () => {
    const { client, served } = serve();
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'secret' }, { schedule: queueMicrotask });
    const one = view(store);
    await settled();
    expect(store.snapshot()).toMatchObject({ status: 'closed', error: { code: 'FORBIDDEN' } });
    expect(one.drawn).toBeGreaterThan(0);
  });

  it('begins anew when it is listened to again after it was left', async () => {
    const { client, served, publish } = serve({ size: 10 });
    await opened(served);
    const store = channelStore(client.api.news, { topic: 'a' });
    const first = view(store);
    await settled();
    await publish(1);
    first.leave();
    await settled();
    expect(store.snapshot()).toMatchObject({ events: [], status: 'connecting' });
    await publish(2);
    view(store);
    await settled();
    expect(store.snapshot().events).toEqual([1, 2]);
  });

  it('refuses to keep nothing', () => {
    const { client } = serve();
    expect(() => channelStore(client.api.news, { topic: 'a' }, { keep: 0 })).toThrow(/keep is a count above 0/);
  });
});
