import { contract } from '@typewire/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, implement, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const room = contract.channel({ params: z.object({ room: z.string().trim() }), event: z.string().trim() });
const send = contract
  .input(z.object({ text: z.string().trim() }))
  .output(z.object({ length: z.number() }))
  .errors({ EMPTY: z.object({ least: z.number() }) })
  .mutation();
const chat = contract.router({
  send,
  rooms: { room, count: contract.input(z.number()).output(z.number()).stream() },
});

const t = typewire<{ name: string }>();
const api = t.implement(chat, {
  send: async ({ input, ctx, fail, publish }) => {
    if (input.text === '') throw fail('EMPTY', { least: 1 });
    await publish(room({ room: 'lobby' }), `${ctx.name}: ${input.text}`);
    return { length: input.text.length };
  },
  rooms: {
    room: { subscribe: ({ ctx, params }) => params.room !== `not ${ctx.name}`, publish: ({ event }) => event !== 'no' },
    async *count({ input }) {
      for (let index = 0; index < input; index++) yield index;
    },
  },
});

function openChat() {
  const { settings, errors } = served();
  const wire = createWire({ router: api, ...settings, authenticate: () => ({ context: { name: 'ann' } }) });
  return { wire, errors, client: openClient(wire) };
}

describe('an implemented contract', () => {
  it('answers calls with input and output checked by the contract', async () => {
    const client = await openChat().client;

    await client.send([24, 1, 'send', 0, null, { text: '  hi ' }]);
    await client.send([24, 2, 'send', 0, null, { text: 7 }]);
    await client.send([24, 3, 'send', 0, null, { text: ' ' }]);

    const [answer, refused, failed] = client.take();
    expect(answer).toEqual([17, 1, { length: 2 }]);
    expect(refused?.[2]).toBe('INVALID_INPUT');
    expect(failed).toEqual([18, 3, 'EMPTY', 'EMPTY', { least: 1 }]);
  });

  it('runs streams', async () => {
    const client = await openChat().client;
    await client.send([20, 1, 'rooms.count', 0, 8, null, 2]);
    expect(client.take().map((message) => message.slice(2))).toEqual([[0], [1], []]);
  });

  it('serves topics that the channel of the contract names, to handlers and to the wire', async () => {
    const { wire, client: opening } = openChat();
    const client = await opening;
    await client.send([32, 1, 'rooms.room', null, 0, { room: 'lobby' }]);
    client.take();

    await client.send([24, 2, 'send', 0, null, { text: 'hi' }]);
    await wire.publish(room({ room: 'lobby' }), 'from the server');
    await client.send([38, 3, 'rooms.room', { room: 'lobby' }, null, 'no']);

    const events = client.take().filter(([type]) => type === 35);
    expect(events.map((event) => event.at(-1))).toEqual(['ann: hi', 'from the server']);
  });

  it('holds the rules its channels were given', async () => {
    const client = await openChat().client;
    await client.send([32, 1, 'rooms.room', null, 0, { room: ' not ann ' }]);
    await client.send([38, 2, 'rooms.room', { room: 'lobby' }, null, ' no ']);
    await client.send([38, 3, 'rooms.room', { room: 'lobby' }, null, 'yes']);
    expect(client.take().map((message) => message[2])).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      [expect.any(String), 1, expect.any(Number)],
    ]);
  });

  it('lets nobody follow or publish on a channel with empty rules', async () => {
    const { settings } = served();
    const client = await openClient(
      createWire({ router: implement(contract.router({ room }), { room: {} }), ...settings }),
    );
    await client.send([32, 1, 'room', null, 0, { room: 'lobby' }]);
    await client.send([38, 2, 'room', { room: 'lobby' }, null, 'hi']);
    expect(client.take().map((message) => message[2])).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  it('may be implemented twice in one process, each with rules of its own', async () => {
    const { settings } = served();
    const closed = createWire({ router: implement(contract.router({ room }), { room: {} }), ...settings });
    const open = createWire({
      router: implement(contract.router({ room }), { room: { subscribe: () => true } }),
      ...settings,
    });
    const clients = [await openClient(closed), await openClient(open)];
    for (const client of clients) await client.send([32, 1, 'room', null, 0, { room: 'lobby' }]);
    expect(clients.map((client) => client.take()[0]?.[0])).toEqual([18, 33]);
  });

  it('runs a handler behind the middlewares of the builder it was made with', async () => {
    const { settings } = served();
    const log: string[] = [];
    const root = typewire<{ name: string | null }>();
    const member = root.use(({ ctx, next, fail }) => {
      log.push(`sees ${ctx.name}`);
      if (ctx.name === null) throw fail('UNAUTHORIZED');
      return next({ name: ctx.name.toUpperCase() });
    });
    const router = root.implement(contract.router({ who: contract.output(z.string()).query() }), {
      who: member.handler(({ ctx }) => ctx.name),
    });
    const wire = createWire({
      router,
      ...settings,
      authenticate: ({ auth }) => ({ context: { name: typeof auth === 'string' ? auth : null } }),
    });
    const [ann, nobody] = [await openClient(wire, 'ann'), await openClient(wire)];

    await ann.send([16, 1, 'who', 0]);
    await nobody.send([16, 1, 'who', 0]);

    expect(ann.take()).toEqual([[17, 1, 'ANN']]);
    expect(nobody.take()[0]?.[2]).toBe('UNAUTHORIZED');
    expect(log).toEqual(['sees ann', 'sees null']);
  });

  it('takes a part that was implemented by itself, its channels too', async () => {
    const { settings } = served();
    const rooms = contract.router({ room });
    const whole = contract.router({ rooms });
    const wire = createWire({
      router: implement(whole, { rooms: implement(rooms, { room: { subscribe: () => true } }) }),
      ...settings,
    });
    const client = await openClient(wire);
    await client.send([32, 1, 'rooms.room', null, 0, { room: 'lobby' }]);
    expect(client.take()[0]?.[0]).toBe(33);
    await wire.publish(room({ room: 'lobby' }), 'hi');
  });

  it('may bear any names', async () => {
    const { settings } = served();
    const names = contract.router({ ['__proto__']: { constructor: contract.output(z.number()).query() } });
    const router = implement(names, { ['__proto__']: { constructor: () => 1 } });
    const client = await openClient(createWire({ router, ...settings }));
    await client.send([16, 1, '__proto__.constructor', 0]);
    expect(client.take()).toEqual([[17, 1, 1]]);
  });
});

describe('a contract is refused at once', () => {
  /** As a program in JavaScript would, or one that silenced its compiler. */
  const force = (router: object, implementation: object) => (): unknown =>
    implement(router as never, implementation as never);

  it('with the name of everything that is missing', () => {
    expect(force(chat, { rooms: { room: {} } })).toThrow('send is missing; rooms.count is missing');
    expect(force(chat, { send: () => 1 })).toThrow('rooms.room is missing; rooms.count is missing');
    expect(force(chat, {})).toThrow(expect.objectContaining({ name: 'UsageError', code: 'BAD_CONTRACT' }));
  });

  it('with the name of what it does not know', () => {
    const handlers = { send: () => 1, remove: () => 1 };
    expect(force(contract.router({ send }), handlers)).toThrow('remove is not part of it');
  });

  it.each<[string, unknown]>([
    ['text', 'handler'],
    ['an object', {}],
    ['a procedure of another contract', typewire().mutation(() => 1)],
    ['null', null],
  ])('for %s in the place of a handler', (_name, handler) => {
    expect(force(contract.router({ send }), { send: handler })).toThrow('send needs a handler');
  });

  it.each<[string, unknown]>([
    ['a function', () => true],
    ['a rule that is none', { subscribe: true }],
    ['a right that is unknown', { publish: 'everybody' }],
    ['a snapshot that the contract does not declare', { snapshot: () => 1 }],
    ['a channel of another contract', typewire().channel({ event: z.string() })],
    ['null', null],
  ])('for %s in the place of rules', (_name, rules) => {
    expect(force(contract.router({ room }), { room: rules })).toThrow('room needs rules');
  });

  it('for a channel without the snapshot that it declares', () => {
    const counter = contract.channel({ event: z.number(), snapshot: z.number() });
    expect(force(contract.router({ counter }), { counter: { subscribe: () => true } })).toThrow('counter needs rules');
  });

  it('for a handler that brings schemas of its own', () => {
    expect(() =>
      typewire()
        .input(z.string())
        .handler(() => 1),
    ).toThrow('from the contract alone');
  });

  it('where its channel stands twice', () => {
    const rules = { subscribe: () => true };
    const router = implement(contract.router({ one: room, two: room }), { one: rules, two: rules });
    expect(() => createWire({ router })).toThrow('stands twice');
  });
});
