import type { SharedMessage } from '@typewire/core';
import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { Hub } from '../src/channels/hub.ts';
import type { Broker, BrokerEvent, BrokerRead } from '../src/index.ts';

/** A broker whose answers come when the test says so, for the races between them. */
class SlowBroker implements Broker {
  readonly listeners: Array<(event: BrokerEvent) => void> = [];
  readonly stopped: number[] = [];
  subscribed: Array<() => void> = [];
  reads: Array<(read: BrokerRead) => void> = [];

  publish(): Promise<never> {
    return Promise.reject(new Error('not used here'));
  }

  subscribe(_topic: string, listener: (event: BrokerEvent) => void): Promise<() => void> {
    const index = this.listeners.push(listener) - 1;
    return new Promise((resolve) => this.subscribed.push(() => resolve(() => void this.stopped.push(index))));
  }

  read(): Promise<BrokerRead> {
    return new Promise((resolve) => this.reads.push(resolve));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const event = (offset: number): BrokerEvent => ({
  position: { epoch: 'e', offset, tag: offset },
  payload: `,${offset}`,
});
const receiver = () => {
  const texts: string[] = [];
  return { texts, sendShared: (message: SharedMessage) => void texts.push(String(message.data)) };
};
const request = { position: null, rewind: 2 };

it('delivers what happens while the past is read once, behind the past', async () => {
  const broker = new SlowBroker();
  const hub = new Hub(broker, 300);
  const one = receiver();
  const joined = hub.join('topic', request, one, () => void one.texts.push('joined'));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.(event(2));
  broker.listeners[0]?.(event(3));
  broker.reads[0]?.({ position: { epoch: 'e', offset: 2, tag: 2 }, events: [event(1), event(2)], complete: true });
  await joined;
  broker.listeners[0]?.(event(4));

  expect(one.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('follows a topic once at the broker, whatever the number of receivers', async () => {
  const broker = new SlowBroker();
  const hub = new Hub(broker, 300);
  const joins = [receiver(), receiver()].map((one) => hub.join('topic', request, one, () => {}));
  broker.subscribed[0]?.();
  await settled();
  for (const read of broker.reads) read({ position: event(0).position, events: [], complete: true });
  await Promise.all(joins);

  expect(broker.listeners).toHaveLength(1);
  expect(hub.size).toBe(1);
});

it('stops following a topic that everybody left', async () => {
  const broker = new SlowBroker();
  const hub = new Hub(broker, 300);
  const one = receiver();
  const joined = hub.join('topic', request, one, ({ topic }) => hub.leave(topic, one));
  broker.subscribed[0]?.();
  await settled();
  broker.reads[0]?.({ position: event(0).position, events: [], complete: true });
  await joined;

  expect(broker.stopped).toEqual([0]);
  expect(hub.size).toBe(0);
});

it('forgets a topic whose past cannot be read, and lets the next receiver try again', async () => {
  const broker = new SlowBroker();
  broker.read = () => Promise.reject(new Error('the broker is down'));
  const hub = new Hub(broker, 300);
  const joined = hub.join('topic', request, receiver(), () => {});
  broker.subscribed[0]?.();

  await expect(joined).rejects.toThrow('the broker is down');
  expect(hub.size).toBe(0);
  expect(broker.stopped).toEqual([0]);
});

it('forgets a topic the broker does not let it follow', async () => {
  const broker = new SlowBroker();
  broker.subscribe = () => Promise.reject(new Error('the broker is down'));
  const hub = new Hub(broker, 300);

  await expect(hub.join('topic', request, receiver(), () => {})).rejects.toThrow('the broker is down');
  expect(hub.size).toBe(0);
});

const of = (epoch: string, offset: number): BrokerEvent => ({
  position: { epoch, offset, tag: offset },
  payload: `,${offset}`,
});

/** A receiver that follows a topic of a broker, from offset 0 of epoch `e` on. */
async function following() {
  const broker = new SlowBroker();
  const hub = new Hub(broker, 300);
  const one = receiver();
  const joined = hub.join('topic', request, one, () => {});
  broker.subscribed[0]?.();
  await settled();
  broker.reads[0]?.({ position: event(0).position, events: [], complete: true });
  await joined;
  const deliver = (next: BrokerEvent): void => broker.listeners[0]?.(next);
  return { broker, hub, one, deliver };
}

it('tells those who follow of a gap when the log begins anew under them', async () => {
  const { one, deliver } = await following();
  for (const next of [of('e', 1), of('e', 2), of('f', 3), of('f', 4)]) deliver(next);

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[37,1,["f",2,0]]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('tells of a gap when the broker skips, and says nothing twice', async () => {
  const { one, deliver } = await following();
  for (const next of [of('e', 1), of('e', 1), of('e', 4)]) deliver(next);

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[37,1,["e",3,0]]', '[35,1,4,4,4]']);
});

it('hands on what a new log brought while the old one was read, behind a gap', async () => {
  const broker = new SlowBroker();
  const one = receiver();
  const joined = new Hub(broker, 300).join('topic', request, one, () => void one.texts.push('joined'));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.(of('f', 1));
  broker.reads[0]?.({ position: of('e', 2).position, events: [of('e', 2)], complete: true });
  await joined;

  expect(one.texts).toEqual(['joined', '[35,1,2,2,2]', '[37,1,["f",0,0]]', '[35,1,1,1,1]']);
});

it('leaves out what an old log brought before the new one was read', async () => {
  const broker = new SlowBroker();
  const one = receiver();
  const joined = new Hub(broker, 300).join('topic', request, one, () => void one.texts.push('joined'));
  broker.listeners[0]?.(of('e', 7));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.(of('f', 2));
  broker.reads[0]?.({ position: of('f', 1).position, events: [of('f', 1)], complete: true });
  await joined;

  expect(one.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]']);
});

it('forgets a topic whose only receiver is refused while the broker answers', async () => {
  const broker = new SlowBroker();
  const hub = new Hub(broker, 300);
  const refused = Promise.reject(new Error('refused'));
  await expect(hub.join('topic', request, receiver(), () => {}, refused)).rejects.toThrow('refused');
  broker.subscribed[0]?.();
  await settled();

  expect(hub.size).toBe(0);
  expect(broker.stopped).toEqual([0]);
});
