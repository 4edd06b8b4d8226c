import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire, type WireLimits } from '../src/index.ts';
import { RawClient, served } from './raw-client.ts';

const t = typewire();

/** A server with a room where anybody may be present as anything, and what its rule was asked. */
function serve(limits: WireLimits = {}) {
  const context = served();
  const asked = { enter: 0, checked: 0 };
  const State = z.any().transform((state: unknown) => {
    asked.checked++;
    return state;
  });
  const room = t.channel({
    params: z.object({ room: z.string() }),
    event: z.string(),
    subscribe: () => true,
    presence: { state: State, enter: () => asked.enter++ >= 0 },
  });
  const wire = createWire({ router: t.router({ room }), ...context.settings, limits });
  /** A client that follows the room, under the number that the server gave it. */
  const follow = async (name = 'lobby') => {
    const client = await new RawClient(wire).open();
    await client.send([32, 1, 'room', null, 0, { room: name }]);
    const subscribed = client.take().find(([type]) => type === 33);
    return { client, number: Number(subscribed?.[2]) };
  };
  return { ...context, wire, asked, follow, pass: (ms: number) => context.environment.clock.advanceAsync(ms) };
}

const ofType = (client: RawClient, type: number): ReadonlyArray<readonly unknown[]> =>
  client.take().filter((message) => message[0] === type);

describe('a hostile client', () => {
  it.each([
    ['a topic that is no number', '[41,"lobby","all"]'],
    ['a negative topic', '[41,-1,"all"]'],
    ['a mode nobody knows', '[41,1,"everything"]'],
    ['a mode of the prototype', '[41,1,"constructor"]'],
    ['no mode', '[41,1]'],
    ['an enter without a topic', '[43]'],
    ['an enter of a text', '[43,"1",{}]'],
    ['an enter of too many fields', '[43,1,{},null,7]'],
    ['an exit of a list', '[44,[1]]'],
    ['a state with a key of the prototype', '[43,1,{"__proto__":{"polluted":1}}]'],
    ['a state that is too deep', `[43,1,${'['.repeat(100)}${']'.repeat(100)}]`],
    ['metadata that is none', '[43,1,"x",{"values":["regexp"],"v":1}]'],
    ['what only a server says', '[42,1,0,0]'],
    ['a standing of its own', '[45,1,"entered","me"]'],
  ])('that sends %s is closed, and nobody else is told anything', async (_what, message) => {
    const { follow, pass } = serve();
    const other = await follow();
    await other.client.send([41, other.number, 'all']);
    other.client.take();
    const { client } = await follow();
    await client.send(message);
    await pass(6_000);

    expect(client.closed?.code).toBe(4502);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(other.client.take()).toEqual([]);
  });

  it('that is present where it follows nothing is not heard', async () => {
    const { wire, follow, pass } = serve();
    const other = await follow();
    await other.client.send([41, other.number, 'all']);
    other.client.take();
    const client = await new RawClient(wire).open();
    await client.send([43, other.number, 'here']);
    await client.send([41, other.number, 'all']);
    await client.send([44, other.number]);
    await pass(1_000);

    expect(client.take()).toEqual([]);
    expect(client.closed).toBeNull();
    expect(other.client.take()).toEqual([]);
  });

  it('with a huge state is refused, and is no member', async () => {
    const { follow, pass } = serve();
    const { client, number } = await follow();
    await client.send([41, number, 'all']);
    client.take();
    await client.send([43, number, 'x'.repeat(4_200)]);
    await pass(1_000);

    expect(client.take()).toEqual([
      [45, number, 'enter', 'LIMIT_EXCEEDED', expect.stringContaining('maxPresenceBytes')],
    ]);
  });

  it('that updates without end is told to the others once in each window, as it was last', async () => {
    const { follow, pass, asked } = serve();
    const [{ client, number }, other] = [await follow(), await follow()];
    await other.client.send([41, other.number, 'all']);
    other.client.take();
    const states = Array.from({ length: 2_000 }, (_, index) => `[43,${number},${index}]`);
    for (let from = 0; from < states.length; from += 50) await client.send(`[${states.slice(from, from + 50).join()}]`);
    await pass(1_000);
    const told = ofType(other.client, 42);

    expect(told.length).toBeLessThan(4);
    expect(told.at(-1)).toMatchObject([42, other.number, 'diff', [], [[expect.any(String), null, 1_999]]]);
    expect(asked.enter).toBe(1);
    // Of those that came while one was checked only the newest was.
    expect(asked.checked).toBeLessThan(200);
    expect(ofType(client, 45)).toHaveLength(1);
  });

  it('that enters and leaves without end is not told at all', async () => {
    const { follow, pass } = serve();
    const [{ client, number }, other] = [await follow(), await follow()];
    await other.client.send([41, other.number, 'all']);
    other.client.take();
    for (let round = 0; round < 20; round++) {
      await client.send(
        `[${Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? `[43,${number},1]` : `[44,${number}]`)).join()}]`,
      );
    }
    await pass(1_000);

    expect(ofType(other.client, 42).length).toBeLessThan(3);
  });

  it('that asks again and again who is present is told once', async () => {
    const { follow, pass } = serve();
    const [{ client, number }, member] = [await follow(), await follow()];
    await member.client.send([43, member.number, 'x'.repeat(4_000)]);
    await pass(100);
    for (let round = 0; round < 50; round++) await client.send([41, number, 'all']);
    await pass(1_000);

    expect(ofType(client, 42)).toHaveLength(1);
  });

  it('is one member of a topic, and of as many topics as it may follow', async () => {
    const { follow, pass } = serve({ maxSubscriptions: 3 });
    const { client, number } = await follow('room 0');
    for (let index = 1; index < 6; index++)
      await client.send([32, index + 1, 'room', null, 0, { room: `room ${index}` }]);
    const numbers = [number, ...client.take().flatMap((message) => (message[0] === 33 ? [Number(message[2])] : []))];
    for (const each of numbers) for (let round = 0; round < 5; round++) await client.send([43, each, round]);
    await pass(1_000);
    const ids = new Set(ofType(client, 45).map((message) => message[3]));

    expect(numbers).toHaveLength(3);
    expect(ids.size).toBe(3);
  });
});

describe('one that looks and reads nothing', () => {
  it('has no more waiting for it than the state, however much changes', async () => {
    const { follow, pass } = serve();
    const [slow, member] = [await follow(), await follow()];
    await slow.client.send([41, slow.number, 'all']);
    slow.client.take();
    slow.client.pair.right.congestion = 1_000_000;
    const told = (): number => slow.client.pair.right.sent.filter((text) => text.includes('[42,')).length;
    const before = told();
    for (let round = 0; round < 100; round++) {
      await member.client.send([43, member.number, `${round} ${'x'.repeat(2_000)}`]);
      await pass(100);
    }
    expect(told()).toBe(before);

    slow.client.pair.right.congestion = 0;
    await pass(2_000);
    const states = ofType(slow.client, 42);
    expect(states).toHaveLength(1);
    expect(states[0]).toMatchObject([
      42,
      slow.number,
      'state',
      [],
      [[expect.any(String), null, expect.stringMatching(/^99 /)]],
    ]);
  });
});

describe('states of members', () => {
  it('come as they were sent, whatever their keys are called', async () => {
    const { follow, pass } = serve();
    const [{ client, number }, member] = [await follow(), await follow()];
    await client.send([41, number, 'all']);
    client.take();
    const state = '{"valueOf":1,"toString":"x","hasOwnProperty":null}';
    await member.client.send(`[43,${member.number},${state}]`);
    await pass(1_000);

    const members = ofType(client, 42).flatMap((diff) => diff[4] as ReadonlyArray<readonly unknown[]>);
    expect(members.map((fields) => JSON.stringify(fields[2]))).toEqual([state]);
  });
});
