import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

interface Context {
  readonly mayRead: boolean;
}
const t = typewire<Context>();
const news = t.channel({ event: z.string(), subscribe: ({ ctx }) => ctx.mayRead });
const router = t.router({ news, one: t.query(() => 1), may: t.query(({ ctx }) => ctx.mayRead) });

interface Auth {
  readonly id: string;
  readonly mayRead: boolean;
}

/** With `turns`, a tick ends when the test says so. */
function serve(sessions = {}, turns: Array<() => void> | null = null) {
  const context = served();
  if (turns !== null) Object.assign(context.environment, { defer: (turn: () => void) => void turns.push(turn) });
  const wire = createWire({
    router,
    authenticate: ({ auth }) => ({ context: { mayRead: (auth as Auth).mayRead }, subject: (auth as Auth).id }),
    ...context.settings,
    sessions,
  });
  return { ...context, wire };
}

const ann: Auth = { id: 'ann', mayRead: true };

interface Ticket {
  readonly session: string;
  readonly token: string;
  readonly outcome: string;
}

/** Says hello and gives the welcome, with what is needed to come back. */
async function open(
  wire: ReturnType<typeof serve>['wire'],
  auth: Auth,
  resume?: unknown,
): Promise<[RawClient, Ticket]> {
  const client = new RawClient(wire);
  await client.send([1, 1, resume === undefined ? { control: false } : { control: false, resume }, auth]);
  const [welcome] = client.received.splice(0, 1);
  const options = (welcome?.[2] ?? {}) as Ticket;
  return [client, { session: String(welcome?.[1]), token: options.token, outcome: options.outcome }];
}

it('rotates the token, and refuses the one before once the client has been heard from', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  first.pair.cut();
  await settled();
  const [second, next] = await open(wire, ann, [ticket.session, ticket.token, 0]);
  expect(next.outcome).toBe('resumed');
  expect(next.token).not.toBe(ticket.token);
  await second.send([9]);

  const [, stolen] = await open(wire, ann, [ticket.session, ticket.token, 0]);

  expect(stolen.outcome).toBe('lost');
  expect(stolen.session).not.toBe(ticket.session);
  expect(second.closed).toBeNull();
});

it('takes the token before again as long as the client may not have got the new one', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  first.pair.cut();
  await settled();
  const [second] = await open(wire, ann, [ticket.session, ticket.token, 0]);
  second.pair.cut();
  await settled();
  const [, again] = await open(wire, ann, [ticket.session, ticket.token, 0]);
  expect(again.outcome).toBe('resumed');
});

it('takes back a client whose welcome was lost again and again, with whichever token it has', async () => {
  const { wire } = serve();
  const [first, start] = await open(wire, ann);
  first.pair.cut();
  await settled();
  let ticket = start;
  for (let round = 0; round < 8; round++) {
    const [client, next] = await open(wire, ann, [ticket.session, ticket.token, 0]);
    expect(next.outcome).toBe('resumed');
    // Sometimes the welcome arrives and nothing comes back, sometimes it does not arrive.
    if (round % 3 === 1) ticket = next;
    client.pair.cut();
    await settled();
  }
});

it('stores no token as it is', async () => {
  const { wire } = serve();
  const [, ticket] = await open(wire, ann);
  expect(JSON.stringify(wire.sessions)).not.toContain(ticket.token);
});

it.each<[string, (ticket: Ticket) => unknown, Auth]>([
  ['another subject', ({ session, token }) => [session, token, 0], { id: 'eve', mayRead: true }],
  ['a wrong token', ({ session }) => [session, 'guess', 0], ann],
  ['an unknown session', ({ token }) => ['unknown', token, 0], ann],
  ['__proto__', ({ token }) => ['__proto__', token, 0], ann],
])('gives nobody the session of another: %s', async (_name, resume, auth) => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  first.pair.cut();
  await settled();
  const [, other] = await open(wire, auth, resume(ticket));
  expect(other.outcome).toBe('lost');
  expect(wire.sessions).toMatchObject({ count: 2, detachedCount: 1 });
});

it('has exactly one winner of a double resume', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  first.pair.cut();
  await settled();
  const clients = [new RawClient(wire), new RawClient(wire)];
  const hello = [1, 1, { control: false, resume: [ticket.session, ticket.token, 0] }, ann];
  await Promise.all(clients.map((client) => client.send(hello)));

  expect(clients.filter((client) => client.closed === null)).toHaveLength(1);
  expect(clients.find((client) => client.closed !== null)?.closed?.code).toBe(4509);
  expect(wire.connections).toBe(1);
});

it('leaves the winner of a double resume its token when the other is gone before it is answered', async () => {
  const waiting: Array<() => void> = [];
  let isHeld = false;
  const { wire, environment } = serve();
  const hash = environment.hash.bind(environment);
  environment.hash = ((text: string) =>
    isHeld ? new Promise<string>((resolve) => waiting.push(() => resolve(hash(text)))) : hash(text)) as typeof hash;
  const release = async (hashing: (() => void) | undefined): Promise<void> => {
    hashing?.();
    await settled();
  };
  const [first, ticket] = await open(wire, ann);
  first.pair.cut();
  await settled();
  isHeld = true;
  const hello = [1, 1, { control: false, resume: [ticket.session, ticket.token, 0] }, ann];
  const [winner, other] = [new RawClient(wire), new RawClient(wire)];
  for (const client of [winner, other]) {
    await client.send(hello);
    // What it has shown is good: its next token is being hashed.
    await release(waiting.pop());
  }
  expect(waiting).toHaveLength(2);
  await release(waiting.shift());
  const welcome = winner.take()[0]?.[2] as { outcome: string; token: string };
  other.pair.cut();
  await release(waiting.shift());
  isHeld = false;
  winner.pair.cut();
  await settled();

  expect(welcome.outcome).toBe('resumed');
  const [, again] = await open(wire, ann, [ticket.session, welcome.token, 0]);
  expect(again.outcome).toBe('resumed');
});

it('closes the old connection of a session that goes on over another', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  const [second, next] = await open(wire, ann, [ticket.session, ticket.token, 0]);
  expect(next.outcome).toBe('resumed');
  expect(first.closed?.code).toBe(4509);
  await second.send([16, 1, 'one', 0]);
  expect(second.take()).toEqual([[17, 1, 1]]);
  expect(wire.sessions.count).toBe(1);
});

it('sends again exactly what the client has not received', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  for (let id = 1; id <= 3; id++) await first.send([16, id, 'one', 0]);
  first.pair.cut();
  await settled();
  const [second] = await open(wire, ann, [ticket.session, ticket.token, 1]);
  expect(second.pair.right.sent.slice(1)).toEqual(['[17,2,1]', '[17,3,1]']);
});

it('sends the rest of a batch of which the client has received a part', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  await first.send('[[16,1,"one",0],[16,2,"one",0],[16,3,"one",0]]');
  expect(first.pair.right.sent.at(-1)).toBe('[[17,1,1],[17,2,1],[17,3,1]]');
  first.pair.cut();
  await settled();
  const [second] = await open(wire, ann, [ticket.session, ticket.token, 1]);
  expect(second.pair.right.sent.slice(1)).toEqual(['[17,2,1]', '[17,3,1]']);
});

it('runs authentication and channel rules again, and ends what is no longer allowed before anything of it is sent', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  await first.send([32, 1, 'news', null, 0]);
  const topic = first.take()[0]?.[2];
  first.pair.cut();
  await settled();

  const [second, next] = await open(wire, { id: 'ann', mayRead: false }, [ticket.session, ticket.token, 1]);
  await wire.publish(news(), 'secret');
  await second.send([16, 2, 'may', 0]);

  expect(next.outcome).toBe('resumed');
  expect(second.pair.right.sent.slice(1).join()).toContain(`[36,${topic},"FORBIDDEN"`);
  expect(second.pair.right.sent.join()).not.toContain('secret');
  expect(second.take().at(-1)).toEqual([17, 2, false]);
});

it.each([
  [1000, 0],
  [1001, 0],
  [4000, 1],
])('keeps after close %d %d sessions', async (code, count) => {
  const { wire } = serve();
  const [client] = await open(wire, ann);
  client.pair.left.close(code, '');
  await settled();
  expect(wire.sessions.count).toBe(count);
});

it('keeps none of a client that broke the protocol', async () => {
  const { wire } = serve();
  const [client] = await open(wire, ann);
  await client.send('nonsense');
  expect(wire.sessions.count).toBe(0);
});

it('keeps no more sessions of one subject than its bound, the latest', async () => {
  const { wire } = serve({ maxDetachedPerSubject: 2 });
  const tickets: Ticket[] = [];
  for (let index = 0; index < 4; index++) {
    const [client, ticket] = await open(wire, ann);
    tickets.push(ticket);
    client.pair.cut();
    await settled();
  }
  expect(wire.sessions.detachedCount).toBe(2);
  const [, latest] = await open(wire, ann, [tickets[3]?.session, tickets[3]?.token, 0]);
  expect(latest.outcome).toBe('resumed');
});

it('keeps no more sessions over all than their bounds of number and size', async () => {
  const { wire } = serve({ maxDetached: 3, maxDetachedSize: 500 });
  const clients: RawClient[] = [];
  for (let index = 0; index < 5; index++) {
    const [client] = await open(wire, { id: `user ${index}`, mayRead: true });
    await client.send([32, 1, 'news', null, 0]);
    clients.push(client);
  }
  for (const client of clients) client.pair.cut();
  await settled();
  expect(wire.sessions.detachedCount).toBe(3);
  for (let index = 0; index < 5; index++) await wire.publish(news(), 'x'.repeat(30));
  expect(wire.sessions.detachedCount).toBeLessThan(3);
  expect(wire.sessions.detachedCount).toBeGreaterThan(0);
});

it('keeps none at all with resumableMs 0', async () => {
  const { wire } = serve({ resumableMs: 0 });
  const [client] = await open(wire, ann);
  client.pair.cut();
  await settled();
  expect(wire.sessions.count).toBe(0);
});

it.each([-1, 1])(
  'closes the connection of a session that is asked for over another one with a count that is off by %d',
  async (skew) => {
    const { wire } = serve();
    const [first, ticket] = await open(wire, ann);
    await first.send([16, 1, 'one', 0]);
    await first.send([3, 1]);

    const [second, next] = await open(wire, ann, [ticket.session, ticket.token, 1 + skew]);

    expect(next.outcome).toBe('overflow');
    expect(first.closed?.code).toBe(4509);
    expect(wire).toMatchObject({ connections: 1, sessions: { count: 1 } });
    expect(wire.disconnect({ subject: 'ann' })).toBe(1);
    await settled();
    expect([first, second].filter(({ closed }) => closed === null)).toEqual([]);
    first.take();
    await first.send([16, 2, 'one', 0]);
    expect(first.take()).toEqual([]);
  },
);

it('frees the room of sessions that ended because they could not keep all', async () => {
  const context = served();
  const release: Array<() => void> = [];
  const later = t.input(z.number()).query(async ({ input }) => {
    await new Promise<void>((resolve) => release.push(resolve));
    return 'x'.repeat(input);
  });
  const wire = createWire({
    router: t.router({ later }),
    authenticate: ({ auth }) => ({ context: { mayRead: true }, subject: (auth as Auth).id }),
    ...context.settings,
    sessions: { maxDetachedSize: 300_000 },
  });
  const lose = async (id: string, sizes: readonly number[]): Promise<void> => {
    const [client] = await open(wire, { id, mayRead: true });
    for (const [index, size] of sizes.entries()) await client.send([16, index + 1, 'later', 0, size]);
    client.pair.cut();
    await settled();
    for (const go of release.splice(0)) {
      go();
      await settled();
    }
  };

  for (const size of [200_000, 90_000]) await lose(`user ${size}`, [size, 300_000]);
  expect(wire.sessions.count).toBe(0);
  await lose('small', [20_000]);

  expect(wire.sessions.detachedCount).toBe(1);
});

it('goes on in the middle of what one tick brought, with the rest of it and what came after', async () => {
  const { wire } = serve();
  const [first, ticket] = await open(wire, ann);
  await first.send([32, 1, 'news', null, 0]);
  await Promise.all(['a', 'b', 'c'].map((text) => wire.publish(news(), text)));
  await settled();
  expect(first.take().map((message) => message[4])).toEqual(['fresh', 'a', 'b', 'c']);
  first.pair.cut();
  await settled();
  await Promise.all(['d', 'e'].map((text) => wire.publish(news(), text)));
  await settled();

  // The answer to its subscribe, and the first event, had arrived.
  const [second, next] = await open(wire, ann, [ticket.session, ticket.token, 2]);

  expect(next.outcome).toBe('resumed');
  expect(second.take().map((message) => message[4])).toEqual(['b', 'c', 'd', 'e']);
});

it('gives a client that comes back within the tick what the tick has brought, behind what it had missed', async () => {
  const turns: Array<() => void> = [];
  const { wire } = serve({}, turns);
  const endTick = async (): Promise<void> => {
    for (const turn of turns.splice(0)) turn();
    await settled();
  };
  const [first, ticket] = await open(wire, ann);
  await first.send([32, 1, 'news', null, 0]);
  await endTick();
  first.pair.hold();
  await wire.publish(news(), 'a');
  await endTick();
  await wire.publish(news(), 'b');
  first.pair.cut();
  await wire.publish(news(), 'c');
  const [second] = await open(wire, ann, [ticket.session, ticket.token, 1]);
  await wire.publish(news(), 'd');
  await endTick();

  expect(second.take().map((message) => message[4])).toEqual(['a', 'b', 'c', 'd']);
});

it('tells of what was published before a session was ended, and in the order of what was done', async () => {
  const { wire } = serve();
  const [client] = await open(wire, ann);
  await client.send([32, 1, 'news', null, 0]);
  client.take();
  // In one tick: what is published, the answer to a call, and what is published after it.
  const sent = client.send('[[16,2,"one",0]]');
  await wire.publish(news(), 'a');
  wire.disconnect({ subject: 'ann' });
  await sent;

  expect(client.take().map(([type]) => type)).toEqual([17, 35]);
  expect(client.closed?.code).toBe(4501);
});
