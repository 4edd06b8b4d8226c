import { expect, it } from 'vitest';
import { type ChannelDelivery, plainDelivery } from '../src/channels/delivery.ts';
import { at, event, following, TestReceiver } from './hub-support.ts';

/** Each event of these tests is 12 units long. */
const delivery = (more: Partial<ChannelDelivery>): ChannelDelivery => ({
  ...plainDelivery,
  maxQueuedBytes: 40,
  ...more,
});

/** A receiver that took event 1 and has no room for more, beside one that keeps up. */
async function slow(more: Partial<ChannelDelivery> = {}) {
  const context = await following(['one', 'two'], delivery(more));
  const [one, two] = context.receivers as [TestReceiver, TestReceiver];
  one.room = 1;
  context.deliver(event(1, { key: 'a' }));
  one.take();
  two.take();
  /** Looks by itself whether there is room. */
  const drain = async (room = Number.POSITIVE_INFINITY): Promise<void> => {
    one.room = room;
    await context.environment.clock.advanceAsync(50);
  };
  return { ...context, one, two, drain };
}

it('holds what a slow receiver cannot take, and sends it in order when there is room', async () => {
  const { one, two, deliver, drain } = await slow();
  deliver(event(2), event(3));
  expect([one.take(), two.take()]).toEqual([[], ['[35,1,2,2,2]', '[35,1,3,3,3]']]);

  await drain(1);
  expect(one.take()).toEqual(['[35,1,2,2,2]']);
  await drain();
  deliver(event(4));

  expect(one.take()).toEqual(['[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('tells how much waits, and of whom', async () => {
  const { hub, one, deliver, drain } = await slow();
  expect(hub.slow).toEqual({ subscriptions: 1, queuedSize: 0, longestQueue: 0 });
  deliver(event(2), event(3));
  expect(hub.slow).toEqual({ subscriptions: 1, queuedSize: 24, longestQueue: 24 });
  await drain(1);
  expect(hub.slow).toEqual({ subscriptions: 1, queuedSize: 12, longestQueue: 12 });
  await drain();
  expect(hub.slow).toEqual({ subscriptions: 0, queuedSize: 0, longestQueue: 0 });
  one.take();
});

it('sends what waits as soon as it is told that there is room', async () => {
  const { hub, one, deliver } = await slow();
  deliver(event(2));
  one.room = Number.POSITIVE_INFINITY;
  hub.drained(one);

  expect(one.take()).toEqual(['[35,1,2,2,2]']);
});

it('stops looking for room when nothing waits, or nobody is there any more', async () => {
  const { environment, one, hub, drain } = await slow();
  expect(environment.clock.pending).toBe(2);
  await drain();
  expect(environment.clock.pending).toBe(1);
  expect(one.take()).toEqual([]);
  expect(hub.size).toBe(1);
});

it('blocked beyond its bound, reads what it missed from the log', async () => {
  const { one, broker, deliver, answer, drain } = await slow({ overflow: 'block' });
  deliver(event(2), event(3), event(4), event(5), event(6));
  await drain();
  expect(broker.requests).toEqual([{ type: 'since', position: at(1) }]);
  deliver(event(7));
  const events = [event(2), event(3), event(4), event(5), event(6)];
  await answer({ position: at(6), events, complete: true });

  expect(one.take()).toEqual([2, 3, 4, 5, 6, 7].map((offset) => `[35,1,${offset},${offset},${offset}]`));
});

it('blocked beyond its bound, is told of a gap when the log does not have what it missed', async () => {
  const { one, deliver, answer, drain } = await slow({ overflow: 'block' });
  deliver(event(2), event(3), event(4), event(5));
  await drain();
  deliver(event(6));
  await answer({ position: at(5), events: [], complete: false });

  expect(one.take()).toEqual(['[37,1,["e",5,5],4]', '[35,1,6,6,6]']);
});

it('blocked beyond its bound, is told of a gap when the log cannot be read', async () => {
  const { one, deliver, answer, drain } = await slow({ overflow: 'block' });
  deliver(event(2), event(3), event(4), event(5));
  await drain();
  await answer(new Error('the broker is down'));

  expect(one.take()).toEqual(['[37,1,["e",5,5],4]']);
});

it('is told how many of the oldest were dropped, before the next event', async () => {
  const { one, two, deliver, drain } = await slow({ overflow: 'drop-oldest' });
  deliver(event(2), event(3), event(4), event(5), event(6));
  expect(two.take()).toHaveLength(5);
  await drain();

  expect(one.take()).toEqual(['[37,1,["e",3,3],2]', '[35,1,4,4,4]', '[35,1,5,5,5]', '[35,1,6,6,6]']);
});

it('gets the newest of each key, and is not told of a loss', async () => {
  const { one, deliver, drain } = await slow({ overflow: 'latest-per-key' });
  deliver(event(2, { key: 'a' }), event(3, { key: 'b' }), event(4, { key: 'a' }), event(5, { key: 'b' }), event(6));
  await drain();

  expect(one.take()).toEqual(['[46,1,3,3]', '[35,1,4,4,4]', '[35,1,5,5,5]', '[35,1,6,6,6]']);
});

it('loses the oldest of too many keys, and is told', async () => {
  const { one, deliver, drain } = await slow({ overflow: 'latest-per-key' });
  for (const [index, key] of ['a', 'b', 'c', 'd', 'b'].entries()) deliver(event(index + 2, { key }));
  await drain();

  expect(one.take()).toEqual(['[37,1,["e",3,3],2]', '[35,1,4,4,4]', '[35,1,5,5,5]', '[35,1,6,6,6]']);
});

it('is closed where the channel says so, and goes on from the log when it is back', async () => {
  const { one, deliver, answer, drain } = await slow({ overflow: 'close' });
  deliver(event(2), event(3), event(4));
  expect(one.closedSlow).toBe(0);
  deliver(event(5), event(6));
  expect(one.closedSlow).toBe(1);
  await drain();
  const events = [event(2), event(3), event(4), event(5), event(6)];
  await answer({ position: at(6), events, complete: true });

  expect(one.take()).toHaveLength(5);
});

it('is told of a gap of the topic in its place', async () => {
  const { one, deliver, answer, drain } = await slow();
  deliver(event(2), event(5));
  await answer({ position: at(5), events: [], complete: false });
  await drain();

  expect(one.take()).toEqual(['[37,1,["e",4,4],3]', '[35,1,5,5,5]']);
});

it('skips, also while it waits, what is meant for everybody but it', async () => {
  const { one, two, deliver, drain } = await slow();
  deliver(event(2, { exclude: 'one' }), event(3), event(4, { exclude: 'one' }));
  await drain();
  deliver(event(5, { exclude: 'two' }));

  expect(one.take()).toEqual(['[46,1,2,2]', '[35,1,3,3,3]', '[46,1,4,4]', '[35,1,5,5,5]']);
  expect(two.take()).toEqual(['[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]', '[46,1,5,5]']);
});

it('conflates events of one key within the window, for all alike', async () => {
  const { one, environment, deliver } = await following(['one'], { ...plainDelivery, conflateMs: 20 });
  deliver(event(1, { key: 'a' }), event(2, { key: 'b' }), event(3, { key: 'a' }));
  await environment.clock.advanceAsync(19);
  expect(one.take()).toEqual([]);
  await environment.clock.advanceAsync(1);
  expect(one.take()).toEqual(['[46,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]']);

  deliver(event(4, { key: 'a' }));
  await environment.clock.advanceAsync(20);
  expect(one.take()).toEqual(['[35,1,4,4,4]']);
});

it('tells what was conflated before a gap', async () => {
  const { one, deliver, answer } = await following(['one'], { ...plainDelivery, conflateMs: 20 });
  deliver(event(1, { key: 'a' }), event(4, { key: 'a' }));
  await answer({ position: at(4), events: [], complete: false });

  expect(one.take()).toEqual(['[35,1,1,1,1]', '[37,1,["e",3,3],2]']);
});

it('leaves no timer behind when the last receiver leaves within the window, or while something waits', async () => {
  const { hub, environment, one, deliver, broker } = await following(['one'], { ...plainDelivery, conflateMs: 20 });
  const topics: Array<Parameters<typeof hub.leave>[0]> = [];
  deliver(event(1, { key: 'a' }));
  const other = new TestReceiver('other');
  const joined = hub.join('topic', { position: null, rewind: 0 }, other, ({ topic }) => void topics.push(topic));
  await environment.clock.advanceAsync(0);
  broker.reads[0]?.({ position: at(1), events: [], complete: true });
  await joined;
  other.room = 0;
  deliver(event(2));
  await environment.clock.advanceAsync(20);
  expect(environment.clock.pending).toBe(2);
  deliver(event(3));

  for (const topic of topics) for (const receiver of [one, other]) hub.leave(topic, receiver);

  expect(environment.clock.pending).toBe(0);
});
