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
  return { texts, sendShared: (message: SharedMessage) => void texts.push(message.text) };
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
