import { settled } from '@typewire/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, MemoryBroker, typewire, type Wire } from '../src/index.ts';
import { openClient, RawClient, served } from './raw-client.ts';

interface Context {
  readonly user: string;
}
const t = typewire<Context>();

function serve(gate: { wait?: Promise<void> } = {}) {
  const context = served();
  const muted = new Set<string>();
  const aborted: string[] = [];
  const room = t.channel({
    event: z.string(),
    params: z.object({ name: z.string() }),
    subscribe: ({ ctx, params }) => !muted.has(`${ctx.user} ${params.name}`),
  });
  const router = t.router({
    room,
    session: t.query(({ caller }) => caller.session),
    wait: t.query(
      ({ ctx, signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(aborted.push(ctx.user)));
        }),
    ),
  });
  const wire = createWire({
    router,
    authenticate: async ({ auth }) => {
      const user = String(auth);
      await gate.wait;
      return { context: { user }, ...(user === 'visitor' ? {} : { subject: user }) };
    },
    ...context.settings,
  });
  return { ...context, wire, room, muted, aborted };
}

/** A client with what it takes to come back. */
async function come(wire: Wire, auth: string): Promise<[RawClient, unknown]> {
  const client = new RawClient(wire);
  await client.send([1, 1, { control: false }, auth]);
  const [[, session, options]] = client.take() as [[number, string, { token: string }]];
  return [client, [session, options.token, 0]];
}

describe('disconnecting a subject', () => {
  it('ends all its sessions at once, with a connection or without, and nobody else', async () => {
    const { wire, aborted } = serve();
    const [ann] = await come(wire, 'ann');
    const [away, ticket] = await come(wire, 'ann');
    const [bob] = await come(wire, 'bob');
    const visitor = await openClient(wire, 'visitor');
    await ann.send([16, 1, 'wait', 0]);
    away.pair.cut();
    await settled();

    expect(wire.disconnect({ subject: 'ann' })).toBe(2);
    await settled();

    expect(ann.closed).toEqual({ code: 4501, reason: 'disconnected by the server' });
    expect(aborted).toEqual(['ann']);
    expect([bob.closed, visitor.closed]).toEqual([null, null]);
    expect(wire.sessions).toMatchObject({ count: 2, detachedCount: 0 });
    const back = new RawClient(wire);
    await back.send([1, 1, { control: false, resume: ticket }, 'ann']);
    expect(back.take()).toMatchObject([[2, expect.any(String), { outcome: 'lost' }]]);
    expect(wire.disconnect({ subject: 'nobody' })).toBe(0);
  });

  it('closes with a code and reason of the program', async () => {
    const { wire } = serve();
    const [ann] = await come(wire, 'ann');
    wire.disconnect({ subject: 'ann' }, { code: 4600, reason: 'ü'.repeat(100) });
    await settled();
    expect(ann.closed).toEqual({ code: 4600, reason: 'ü'.repeat(61) });
  });

  it('reaches a connection that is still being authenticated', async () => {
    let open: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { wire } = serve({ wait });
    const ann = new RawClient(wire);
    const bob = new RawClient(wire);
    await ann.send([1, 1, { control: false }, 'ann']);
    await bob.send([1, 1, { control: false }, 'bob']);
    expect(wire.disconnect({ subject: 'ann' })).toBe(0);
    open();
    await settled();

    expect(ann.closed).toEqual({ code: 4501, reason: 'disconnected by the server' });
    expect(ann.take()).toEqual([]);
    expect(bob.take()[0]?.[0]).toBe(2);
    // What was authenticated afterwards is another decision.
    await ann.send([10]);
    expect((await come(wire, 'ann'))[0].closed).toBeNull();
  });

  it('reaches a visitor who is becoming that subject over an open connection, or coming back as it', async () => {
    const gate: { wait?: Promise<void> } = {};
    const { wire } = serve(gate);
    const [here] = await come(wire, 'visitor');
    const [away, ticket] = await come(wire, 'visitor');
    away.pair.cut();
    await settled();
    let open: () => void = () => {};
    gate.wait = new Promise<void>((resolve) => {
      open = resolve;
    });
    await here.send([5, 'ann']);
    const back = new RawClient(wire);
    await back.send([1, 1, { control: false, resume: ticket }, 'ann']);
    wire.disconnect({ subject: 'ann' });
    open();
    await settled();

    expect([here.closed?.code, back.closed?.code]).toEqual([4501, 4501]);
  });

  it('may be done by a handler of that very session', async () => {
    const context = served();
    const router = typewire().router({
      leave: typewire().query(({ caller }) => wire.disconnect({ session: caller.session })),
    });
    const wire: Wire = createWire({ router, ...context.settings });
    const client = await openClient(wire);
    await client.send([16, 1, 'leave', 0]);
    expect(client.closed?.code).toBe(4501);
    expect(wire.sessions.count).toBe(0);
    expect(context.environment.clock.pending).toBe(0);
  });
});

it('disconnects one session by its id', async () => {
  const { wire } = serve();
  const [one, [id]] = (await come(wire, 'ann')) as [RawClient, [string]];
  const [other] = await come(wire, 'ann');
  expect(wire.disconnect({ session: id })).toBe(1);
  expect(wire.disconnect({ session: id })).toBe(0);
  await settled();
  expect([one.closed?.code, other.closed]).toEqual([4501, null]);
});

describe('reauthorizing', () => {
  it('ends at once what a subject may no longer follow, and tells it why', async () => {
    const { wire, room, muted } = serve();
    const [ann] = await come(wire, 'ann');
    const [bob] = await come(wire, 'bob');
    for (const client of [ann, bob]) {
      await client.send([
        [32, 1, 'room', null, 0, { name: 'a' }],
        [32, 2, 'room', null, 0, { name: 'b' }],
      ]);
    }
    const [[, , topic]] = ann.take() as [[number, number, number]];
    bob.take();
    muted.add('ann a').add('bob a');

    expect(await wire.reauthorize({ subject: 'ann' })).toBe(1);
    await wire.publish(room({ name: 'a' }), 'for others');
    await wire.publish(room({ name: 'b' }), 'for all');
    await settled();

    expect(ann.take()).toMatchObject([
      [36, topic, 'FORBIDDEN', 'not allowed to subscribe to room'],
      [35, expect.any(Number), 1, expect.any(Number), 'for all'],
    ]);
    expect(bob.take()).toHaveLength(2);
  });

  it('asks again for a subscription whose rule was being asked with older rights', async () => {
    const context = served();
    const answers: Array<(allowed: boolean) => void> = [];
    const news = t.channel({
      event: z.string(),
      subscribe: () => new Promise<boolean>((resolve) => answers.push(resolve)),
    });
    const wire = createWire({
      router: t.router({ news }),
      authenticate: () => ({ context: { user: 'ann' }, subject: 'ann' }),
      ...context.settings,
    });
    const ann = await openClient(wire);
    await ann.send([32, 1, 'news', null, 0]);
    await wire.reauthorize({ subject: 'ann' });
    answers[0]?.(true);
    await settled();
    expect(ann.take()).toEqual([]);
    answers[1]?.(false);
    await settled();
    expect(ann.take()).toEqual([[18, 1, 'FORBIDDEN', 'not allowed to subscribe to news']]);
    expect(answers).toHaveLength(2);
  });

  it('sends nothing of the past to whom the right was taken while it was read', async () => {
    const context = served();
    const rights = { ann: true };
    const broker = new MemoryBroker(context.environment);
    const read = broker.read.bind(broker);
    let goOn = (): void => {};
    broker.read = async (...args) => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return read(...args);
    };
    const news = t.channel({ event: z.string(), history: {}, subscribe: () => rights.ann });
    const wire = createWire({
      router: t.router({ news }),
      authenticate: () => ({ context: { user: 'ann' }, subject: 'ann' }),
      ...context.settings,
      broker,
    });
    await wire.publish(news(), 'secret');
    const ann = await openClient(wire);
    await ann.send([32, 1, 'news', null, 1]);
    await settled();
    rights.ann = false;
    await wire.reauthorize({ subject: 'ann' });
    goOn();
    await settled();
    expect(ann.take()).toEqual([[18, 1, 'FORBIDDEN', 'not allowed to subscribe to news']]);
  });
});

it.each([{}, { subject: undefined }, { subject: 'a', session: 'b' }, { subject: 7 }])('refuses %j', async (who) => {
  const { wire } = serve();
  expect(() => wire.disconnect(who as { subject: string })).toThrow('name a subject or a session');
  await expect(wire.reauthorize(who as { subject: string })).rejects.toThrow('name a subject or a session');
});

it.each([{ code: 1000 }, { code: 4001 }, { code: 5000 }, { code: 4501.5 }, { reason: 7 }])('refuses %j', (options) => {
  const { wire } = serve();
  expect(() => wire.disconnect({ subject: 'ann' }, options as { code: number })).toThrow(/code|reason/);
});
