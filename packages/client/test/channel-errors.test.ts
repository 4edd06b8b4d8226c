import { contract, safe } from '@typewire/core';
import { typewire } from '@typewire/server';
import { settled } from '@typewire/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { preload } from '../src/index.ts';
import { opened, serveClient } from './served-client.ts';

beforeAll(preload);

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

/** A hall whose rules of presence fail with what it declares. */
function serveHall() {
  const state = { limit: 0 };
  const broken = new Set<string>();
  const hall = t.channel({
    event: z.string(),
    errors: { FULL: z.object({ limit: z.number() }), QUIET: z.object({ until: z.date() }) },
    subscribe: () => true,
    presence: {
      state: z.string(),
      enter: ({ fail }) => {
        if (broken.has('enter')) throw fail('FULL', { limit: 'none' as unknown as number });
        if (state.limit === 0) throw fail('FULL', { limit: state.limit }, 'the hall is full');
        return true;
      },
      see: ({ fail }) => {
        throw fail('QUIET', { until: new Date(0) });
      },
    },
  });
  return { ...serveClient(t.router({ hall })), state, broken };
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

  it('reaches who may not be present, or see who is, with its data', async () => {
    const { state, ...served } = serveHall();
    const { client, wire } = await opened(served);
    const { presence } = client.api.hall.subscribe();
    const told: unknown[] = [];
    presence.on('refused', (right, error) => {
      if (error.code === 'FULL') told.push([right, error.message, error.data.limit]);
      else if (error.code === 'QUIET') told.push([right, error.data.until]);
      else told.push([right, error.code, error.data]);
    });
    presence.on('sync', () => {});
    presence.update('here');
    await settled();
    expect(told.splice(0)).toEqual([
      ['watch', new Date(0)],
      ['enter', 'the hall is full', 0],
    ]);

    state.limit = 1;
    presence.update('here');
    await settled();
    expect(presence.self).not.toBeNull();
    state.limit = 0;
    const [caller] = wire.callers();
    await wire.reauthorize({ session: caller?.session ?? '' });
    await settled();
    expect(told.splice(0)).toEqual([['enter', 'the hall is full', 0]]);
    expect(presence.self).toBeNull();
  });

  it('is an error of the server when a rule of presence fails with data that does not pass', async () => {
    const { broken, ...served } = serveHall();
    const { client } = await opened(served);
    const { presence } = client.api.hall.subscribe();
    const told: unknown[] = [];
    presence.on('refused', (right, error) => told.push(right, error.code));
    broken.add('enter');
    presence.update('here');
    await settled();
    expect(told).toEqual(['enter', 'INTERNAL']);
    expect(served.errors).toHaveLength(1);
  });

  it('says what is wrong with a state that does not pass', async () => {
    const { state, client } = serveHall();
    state.limit = 1;
    const { presence } = client.api.hall.subscribe();
    const told: unknown[] = [];
    presence.on('refused', (_right, error) => told.push(error.code, error.data));
    presence.update(7 as never);
    await settled();
    expect(told).toEqual(['INVALID_INPUT', [expect.objectContaining({ path: [] })]]);
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
