import { createSuperjsonSerializer, type EncodedValue, SharedMessage } from '@typewire/core';
import { encodeValue } from '@typewire/core/internal';
import { fakeEnvironment, seededRandom, settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { type ChannelDelivery, plainDelivery } from '../src/channels/delivery.ts';
import { Hub, publicationDefaults } from '../src/channels/hub.ts';
import type { HubTopic } from '../src/channels/hub-topic.ts';
import { TopicMessages } from '../src/channels/topic-messages.ts';
import { MemoryBroker } from '../src/index.ts';
import { event, following, request, TestReceiver } from './hub-support.ts';

const told = (...offsets: number[]): string[] => offsets.map((offset) => `[35,1,${offset},${offset},${offset}]`);

it('sends what one tick brings as one message for all, when the tick ends', async () => {
  const { receivers, tell } = await following(['one', 'two']);
  tell(event(1), event(2), event(3));
  expect(receivers.map(({ texts }) => texts)).toEqual([[], []]);

  await settled();
  tell(event(4));
  await settled();

  for (const { texts, counts } of receivers) expect([texts, counts]).toEqual([told(1, 2, 3, 4), [3, 1]]);
});

it('sends what came before to a receiver that is sent something else, and the others all at once', async () => {
  const { hub, receivers, tell } = await following(['one', 'two']);
  const [one, two] = receivers as [TestReceiver, TestReceiver];
  tell(event(1), event(2));
  hub.tick.catchUp(one);
  one.texts.push('result');
  hub.tick.catchUp(one);
  tell(event(3));
  await settled();

  expect([one.texts, one.counts]).toEqual([
    [...told(1, 2), 'result', ...told(3)],
    [1, 1, 1],
  ]);
  expect([two.texts, two.counts]).toEqual([told(1, 2, 3), [3]]);
});

it('gives who leaves within the tick what came before, and nothing after', async () => {
  const topics: HubTopic[] = [];
  const { hub, broker, receivers, tell } = await following(['one', 'two']);
  const third = new TestReceiver('three');
  const joined = hub.join('topic', { position: null, rewind: 0 }, third, ({ topic }) => topics.push(topic));
  await settled();
  broker.reads[0]?.({ position: { epoch: 'e', offset: 0, tag: 0 }, events: [], complete: true });
  await joined;
  tell(event(1));
  hub.leave(topics[0] as HubTopic, third);
  tell(event(2));
  await settled();

  expect(third.texts).toEqual(told(1));
  for (const { counts } of receivers) expect(counts).toEqual([2]);
});

it('moves the position of who is excluded in its turn, and the others get one message', async () => {
  const { receivers, tell } = await following(['one', 'two']);
  const [one, two] = receivers as [TestReceiver, TestReceiver];
  tell(event(1), event(2, { exclude: 'one' }), event(3));
  await settled();

  expect(one.texts).toEqual([...told(1), '[46,1,2,2]', ...told(3)]);
  expect([two.texts, two.counts]).toEqual([told(1, 2, 3), [3]]);
});

it('makes no batch of more than may stand in one, or of more than travels well', async () => {
  const { one, tell } = await following();
  for (let offset = 1; offset <= 65; offset++) tell(event(offset));
  await settled();
  expect(one.counts).toEqual([64, 1]);

  const large = (offset: number) => ({ ...event(offset), payload: `,"${'x'.repeat(10_000)}"` });
  tell(event(66), large(67), event(68), large(69), event(70));
  await settled();
  expect(one.counts.splice(2)).toEqual([3, 2]);
});

it('lets what is binary travel alone, in its turn', async () => {
  const { one, tell } = await following();
  const payload = encodeValue(createSuperjsonSerializer(), new Uint8Array([1, 2, 3]), 'event') as EncodedValue;
  tell(event(1), { ...event(2), payload }, event(3));
  await settled();

  expect(one.counts).toEqual([1, 1, 1]);
  expect([one.texts[0], one.texts[2]]).toEqual(told(1, 3));
  expect(one.texts[1]).toBe(String(new TopicMessages(1).event({ ...event(2), payload }).data));
});

it('sends as much of a tick as there is room for, and keeps the rest within the bound', async () => {
  const delivery: ChannelDelivery = { ...plainDelivery, overflow: 'drop-oldest', maxQueuedBytes: 40 };
  const { one, hub, tell } = await following(['one'], delivery);
  one.room = 2;
  tell(...[1, 2, 3, 4, 5, 6, 7].map((offset) => event(offset)));
  await settled();
  expect(one.take()).toEqual(told(1, 2));

  one.room = Number.POSITIVE_INFINITY;
  hub.drained(one);
  // Each is 12 units long: three of the five that waited are within the bound.
  expect(one.take()).toEqual(['[37,1,["e",4,4],2]', ...told(5, 6, 7)]);
});

/** What can happen to some receivers of two topics, as the dice say; `isAtOnce` sends each event as it comes. */
async function play(seed: number, isAtOnce: boolean): Promise<string[][]> {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const environment = fakeEnvironment();
  const broker = new MemoryBroker(environment);
  const limits = { events: 300, bytes: 262_144 };
  const hub: Hub = new Hub({ broker, environment, limits, positionCheckMs: 25_000, pending: () => {} });
  const receivers = ['0', '1', '2', '3'].map((id) => new TestReceiver(id));
  const followed = receivers.map(() => new Map<string, HubTopic>());
  const delivery: ChannelDelivery = { ...plainDelivery, overflow: 'drop-oldest', maxQueuedBytes: 60 };
  let published = 0;
  for (let tick = 0; tick < 40; tick++) {
    for (const [index, receiver] of receivers.entries()) {
      const name = `topic ${pick(2)}`;
      if (random() > 0.3) continue;
      const topic = followed[index]?.get(name);
      if (topic === undefined) {
        await hub.join(
          name,
          request,
          receiver,
          (joined) => {
            followed[index]?.set(name, joined.topic);
            receiver.texts.push(`${name} joined`);
          },
          undefined,
          delivery,
        );
      } else if (random() < 0.5) {
        receiver.room = random() < 0.5 ? pick(6) : Number.POSITIVE_INFINITY;
        hub.drained(receiver);
      }
    }
    for (let step = pick(20); step > 0; step--) {
      const [name, index] = [`topic ${pick(2)}`, pick(4)];
      const receiver = receivers[index] as TestReceiver;
      const topic = followed[index]?.get(name);
      const dice = random();
      if (dice < 0.7) {
        const exclude = random() < 0.2 ? String(pick(4)) : null;
        const payload = `,${++published}`;
        await hub.publish(name, { ...publicationDefaults, payload, exclude, history: null });
      } else if (dice < 0.9) {
        hub.tick.catchUp(receiver);
        receiver.texts.push(`result ${step}`);
      } else if (topic !== undefined) {
        followed[index]?.delete(name);
        hub.leave(topic, receiver);
      }
      if (isAtOnce) hub.tick.flush();
    }
    hub.tick.flush();
  }
  return receivers.map(({ texts }) => texts);
}

it.each(Array.from({ length: 100 }, (_, seed) => seed))(
  'gives everybody the same, in the same order, as if each event were sent at once: seed %i',
  async (seed) => {
    const joined = await play(seed, false);
    expect(joined).toEqual(await play(seed, true));
    expect(joined.flat().length).toBeGreaterThan(100);
  },
);

it('counts a batch as the messages it is', () => {
  expect(new SharedMessage('[1]').count).toBe(1);
  expect(new SharedMessage('[[1],[2]]', 2).count).toBe(2);
});

it('loses nothing for who falls behind by what is sent to make room in the batch', async () => {
  const delivery: ChannelDelivery = { ...plainDelivery, overflow: 'drop-oldest', maxQueuedBytes: 1_000_000 };
  const { one, environment, tell } = await following(['one'], delivery);
  const large = (offset: number) => ({ ...event(offset), payload: `,"${'x'.repeat(10_000)}"` });
  one.room = 1;
  // The second does not fit beside the first, which is sent for it and fills the connection.
  tell(large(1), large(2), event(3));
  await settled();
  expect(eventsOf(one)).toEqual([1]);

  one.room = Number.POSITIVE_INFINITY;
  await environment.clock.advanceAsync(50);
  expect(eventsOf(one)).toEqual([1, 2, 3]);
});

it('looks no longer after a connection that was closed for falling behind', async () => {
  const delivery: ChannelDelivery = { ...plainDelivery, overflow: 'close', maxQueuedBytes: 10 };
  const { one, hub, environment, tell, topics } = await following(['one'], delivery);
  one.closeSlow = () => hub.leave(topics[0] as HubTopic, one);
  one.room = 1;
  tell(event(1), event(2), event(3));
  await settled();
  expect(environment.clock.pending).toBe(0);
});

/** Offsets of the events among what it was told. */
function eventsOf({ texts }: TestReceiver): number[] {
  return texts
    .map((text) => JSON.parse(text) as [type: number, topic: number, offset: number])
    .filter(([type]) => type === 35)
    .map(([, , offset]) => offset);
}
