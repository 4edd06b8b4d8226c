import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWire, typewire } from '../src/index.ts';
import { openClient, served } from './raw-client.ts';

const t = typewire();

/** A wire whose `room` is opened by `rule`, and whose `post` publishes on it. */
function serve(rule: () => boolean | Promise<boolean>, history?: { size: number }) {
  const { settings, errors } = served();
  const room = t.channel({ event: z.string(), subscribe: rule, ...(history && { history }) });
  const post = t.mutation(({ publish }) => publish(room(), 'hi'));
  const wire = createWire({ router: t.router({ room, post }), ...settings, limits: { maxSubscriptions: 2 } });
  return { wire, room, errors };
}

const rules: Array<[string, () => boolean | Promise<boolean>]> = [
  ['at once', () => true],
  ['later', () => settled().then(() => true)],
];

it.each(rules)('delivers what a call behind a subscribe publishes, when the rule answers %s', async (_name, rule) => {
  for (const history of [undefined, { size: 10 }]) {
    const { wire, room } = serve(rule, history);
    await wire.publish(room(), 'before');
    const client = await openClient(wire);

    await client.send([
      [32, 1, 'room', null, 0],
      [24, 2, 'post', 0, null],
    ]);
    await settled();

    const about = client.take().filter(([type]) => type !== 17);
    expect(about.map((message) => [message[0], message[4] ?? null])).toEqual([
      [33, 'fresh'],
      [35, 'hi'],
    ]);
    expect(about[0]?.[3]).toEqual([expect.any(String), 1, expect.any(Number)]);
  }
});

it('counts what is rewound from the moment of asking', async () => {
  const { wire, room } = serve(() => settled().then(() => true), { size: 10 });
  for (const text of ['1', '2']) await wire.publish(room(), text);
  const client = await openClient(wire);

  await client.send([
    [32, 1, 'room', null, 1],
    [24, 2, 'post', 0, null],
  ]);
  await settled();

  const events = client.take().filter(([type]) => type === 35);
  expect(events.map((message) => message[4])).toEqual(['2', 'hi']);
});

it('gives nothing to a client whose rule refuses later, and follows the topic no more', async () => {
  const { wire, room } = serve(() => settled().then(() => false));
  const client = await openClient(wire);

  await client.send([
    [32, 1, 'room', null, 0],
    [24, 2, 'post', 0, null],
  ]);
  await settled();
  await wire.publish(room(), 'secret');
  await settled();

  expect(client.take().map((message) => message.slice(0, 2))).toEqual([
    [17, 2],
    [18, 1],
  ]);
});

it('counts requests that wait for their rule to the limit of subscriptions', async () => {
  const { settings } = served();
  let asked = 0;
  const subscribe = (): Promise<boolean> => {
    asked++;
    return new Promise(() => {});
  };
  const room = t.channel({ params: z.string(), event: z.string(), subscribe });
  const wire = createWire({ router: t.router({ room }), ...settings, limits: { maxSubscriptions: 2 } });
  const client = await openClient(wire);

  for (let id = 1; id <= 3; id++) await client.send([32, id, 'room', null, 0, `${id}`]);

  expect(asked).toBe(2);
  expect(client.take().map((message) => message.slice(0, 3))).toEqual([[18, 3, 'LIMIT_EXCEEDED']]);
});

it('frees the place of a request that was refused', async () => {
  const { wire } = serve(() => false);
  const client = await openClient(wire);

  for (let id = 1; id <= 5; id++) await client.send([32, id, 'room', null, 0]);

  expect(client.take().every((message) => message[2] === 'FORBIDDEN')).toBe(true);
});
