import { fakeEnvironment, settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { MemoryBroker } from '../src/index.ts';
import { at, createHub, event, following, HandBroker, request, TestReceiver } from './hub-support.ts';

it('finds by the position what was lost when nothing came behind it, and delivers it', async () => {
  const { environment, broker, one, deliver, answer } = await following();
  deliver(event(1));
  await environment.clock.advanceAsync(30_000);
  expect(broker.asked).toHaveLength(1);

  broker.asked[0]?.(at(3));
  await environment.clock.advanceAsync(1_000);
  await answer({ position: at(3), events: [event(2), event(3)], complete: true });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]']);
});

it('tells of a gap when what was lost cannot be read', async () => {
  const { environment, broker, one, answer } = await following();
  await environment.clock.advanceAsync(30_000);
  broker.asked[0]?.(at(2));
  await environment.clock.advanceAsync(1_000);
  await answer({ position: at(2), events: [], complete: false });

  expect(one.texts).toEqual(['[37,1,["e",2,2],2]']);
});

it('waits for what is still on its way', async () => {
  const { environment, broker, one, deliver } = await following();
  await environment.clock.advanceAsync(30_000);
  broker.asked[0]?.(at(1));
  await settled();
  deliver(event(1));
  await environment.clock.advanceAsync(2_000);

  expect(broker.requests).toEqual([]);
  expect(one.texts).toEqual(['[35,1,1,1,1]']);
});

it.each([
  ['rolled back', at(1)],
  ['of another epoch', at(2, 'f')],
  ['with another tag', at(2, 'e', 22)],
])('does not wait for a log %s', async (_name, position) => {
  const { environment, broker, one, deliver, answer } = await following();
  deliver(event(1), event(2));
  one.take();
  await environment.clock.advanceAsync(30_000);
  broker.asked[0]?.(position);
  await settled();
  await answer({ position, events: [], complete: false });

  expect(one.texts).toEqual([`[37,1,["${position.epoch}",${position.offset},${position.tag}]]`]);
});

it('is content with an answer that was overtaken by events', async () => {
  const { environment, broker, deliver } = await following();
  await environment.clock.advanceAsync(30_000);
  deliver(event(1), event(2));
  broker.asked[0]?.(at(1));
  await environment.clock.advanceAsync(2_000);

  expect(broker.requests).toEqual([]);
});

it('asks at once when the broker says that it may have missed something', async () => {
  const { broker } = await following();
  broker.listeners[0]?.interrupted();

  expect(broker.asked).toHaveLength(1);
});

it('asks again when an answer does not come, or is a failure', async () => {
  const { environment, broker } = await following();
  await environment.clock.advanceAsync(30_000);
  await environment.clock.advanceAsync(45_000);
  expect(broker.asked).toHaveLength(2);

  broker.asked[1]?.(new Error('the broker is down'));
  await environment.clock.advanceAsync(30_000);

  expect(broker.asked).toHaveLength(3);
});

it('asks about many topics a few at a time, and about each within its interval', async () => {
  const broker = new HandBroker();
  const environment = fakeEnvironment();
  const many = createHub(broker, environment);
  const joins = Array.from({ length: 100 }, (_, index) =>
    many.join(`topic-${index}`, request, new TestReceiver(), () => {}),
  );
  for (const subscribed of broker.subscribed) subscribed();
  await settled();
  for (const read of broker.reads) read({ position: at(0), events: [], complete: true });
  await Promise.all(joins);

  await environment.clock.advanceAsync(28_600);
  expect(broker.asked).toHaveLength(32);
  for (let index = 0; index < broker.asked.length; index++) {
    broker.asked[index]?.(at(0));
    await settled();
  }

  expect(broker.asked).toHaveLength(100);
});

it('has no timer for a broker that loses nothing, nor when nobody follows anything', async () => {
  const { environment, broker, hub, one } = await following();
  expect(environment.clock.pending).toBe(1);
  const quiet = createHub(new MemoryBroker(environment), environment);
  const two = new TestReceiver('two');
  await quiet.join('topic', request, two, () => {});
  expect(environment.clock.pending).toBe(1);

  const [topic] = await joinedTopics(hub);
  if (topic !== undefined) hub.leave(topic, one);

  expect(environment.clock.pending).toBe(0);
  expect(broker.stopped).toEqual([0]);

  async function joinedTopics(of: typeof hub) {
    const topics: Array<Parameters<typeof hub.leave>[0]> = [];
    const passing = new TestReceiver('passing');
    const joining = of.join('topic', request, passing, ({ topic }) => {
      topics.push(topic);
      of.leave(topic, passing);
    });
    await settled();
    for (const read of broker.reads.splice(0)) read({ position: at(0), events: [], complete: true });
    await joining;
    return topics;
  }
});
