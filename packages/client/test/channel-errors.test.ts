import { contract, safe } from '@typewire/core';
import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { opened, serveClient } from './served-client.ts';

const t = typewire();

/** A room that holds so many, whose rules fail with what it declares. */
function serve() {
  const state = { limit: 1 };
  const room = t.channel({
    params: z.object({ room: z.string() }),
    event: z.string(),
    errors: { FULL: z.object({ limit: z.number() }), QUIET: z.object({ until: z.date() }) },
    subscribe: ({ params, fail }) => {
      if (params.room === 'broken') throw fail('FULL', { limit: 'none' as unknown as number });
      if (state.limit === 0) throw fail('FULL', { limit: state.limit }, 'the room is full');
      return true;
    },
    publish: ({ fail }) => {
      throw fail('QUIET', { until: new Date(0) });
    },
    readHistory: ({ fail }) => {
      throw fail('FORBIDDEN', 'only members');
    },
  });
  return { ...serveClient(t.router({ room })), state };
}

describe('a failure that the rules of a channel declare', () => {
  it('reaches who subscribes, with its data', async () => {
    const { client, state } = serve();
    state.limit = 0;
    const room = client.api.room.subscribe({ room: 'a' });
    const told: unknown[] = [];
    room.on('closed', (error) => told.push(error?.code === 'FULL' ? error.data.limit : error));
    await settled();
    expect(told).toEqual([0]);
    expect(room.error).toMatchObject({ code: 'FULL', message: 'the room is full', delivery: 'answered' });
  });

  it('reaches who loses the right to follow, with its data', async () => {
    const served = serve();
    const { client, wire, state } = served;
    await opened(served);
    const room = client.api.room.subscribe({ room: 'a' });
    room.on('closed', () => {});
    await settled();
    const [caller] = wire.callers();
    state.limit = 0;
    await wire.reauthorize({ session: caller?.session ?? '' });
    await settled();
    expect(room.error).toMatchObject({ code: 'FULL', data: { limit: 0 }, delivery: 'answered' });
  });

  it('reaches who publishes, and who reads the past', async () => {
    const { client } = serve();
    const published = await safe(client.api.room.publish({ room: 'a' }, 'hello'));
    if (published.ok || published.error.code !== 'QUIET') throw new Error('it was published');
    expect(published.error.data.until).toEqual(new Date(0));
    const page = await safe(client.api.room.history({ room: 'a' }));
    expect(page).toMatchObject({ ok: false, error: { code: 'FORBIDDEN', message: 'only members' } });
  });

  it('is an error of the server when its data does not pass', async () => {
    const { client, errors } = serve();
    const room = client.api.room.subscribe({ room: 'broken' });
    room.on('closed', () => {});
    await settled();
    expect(room.error?.code).toBe('INTERNAL');
    expect(errors).toHaveLength(1);
  });

  it('is declared by a contract as well', async () => {
    const chat = contract.router({
      room: contract.channel({ event: z.string(), errors: { FULL: z.object({ limit: z.number() }) } }),
    });
    const router = t.implement(chat, {
      room: {
        subscribe: ({ fail }) => {
          throw fail('FULL', { limit: 7 });
        },
      },
    });
    const { client } = serveClient(router);
    const room = client.api.room.subscribe();
    room.on('closed', () => {});
    await settled();
    expect(room.error).toMatchObject({ code: 'FULL', data: { limit: 7 } });
  });
});
