import { fakeEnvironment, settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { publicationDefaults } from '../src/channels/hub.ts';
import { at, createHub, event, HandBroker, request, TestReceiver } from './hub-support.ts';

it('delivers what happens while the past is read once, behind the past', async () => {
  const broker = new HandBroker();
  const one = new TestReceiver();
  const joined = createHub(broker).join('topic', request, one, () => void one.texts.push('joined'));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.event(event(2));
  broker.listeners[0]?.event(event(3));
  broker.reads[0]?.({ position: at(2), events: [event(1), event(2)], complete: true });
  await joined;
  broker.listeners[0]?.event(event(4));
  await settled();

  expect(one.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('follows a topic once at the broker, whatever the number of receivers', async () => {
  const broker = new HandBroker();
  const hub = createHub(broker);
  const joins = ['one', 'two'].map((name) => hub.join('topic', request, new TestReceiver(name), () => {}));
  broker.subscribed[0]?.();
  await settled();
  for (const read of broker.reads) read({ position: at(0), events: [], complete: true });
  await Promise.all(joins);

  expect(broker.listeners).toHaveLength(1);
  expect(hub.size).toBe(1);
});

it('stops following a topic that everybody left', async () => {
  const broker = new HandBroker();
  const hub = createHub(broker);
  const one = new TestReceiver();
  const joined = hub.join('topic', request, one, ({ topic }) => hub.leave(topic, one));
  broker.subscribed[0]?.();
  await settled();
  broker.reads[0]?.({ position: at(1), events: [event(1)], complete: true });
  await joined;

  expect(one.texts).toEqual([]);
  expect(broker.stopped).toEqual([0]);
  expect(hub.size).toBe(0);
});

it('forgets a topic whose past cannot be read once who waits for it has left', async () => {
  const broker = new HandBroker();
  broker.read = () => Promise.reject(new Error('the broker is down'));
  const hub = createHub(broker);
  const receiver = new TestReceiver();
  const joined = expect(hub.join('topic', request, receiver, () => {})).rejects.toThrow('the broker failed');
  broker.subscribed[0]?.();
  await settled();
  expect(hub.size).toBe(1);

  receiver.isClosed = true;
  hub.abandon(receiver);
  await joined;

  expect(hub.size).toBe(0);
  expect(broker.stopped).toEqual([0]);
});

it('forgets a topic the broker does not let it follow once who waits for it has left', async () => {
  const broker = new HandBroker();
  broker.subscribe = () => Promise.reject(new Error('the broker is down'));
  const environment = fakeEnvironment();
  const hub = createHub(broker, environment);
  const receiver = new TestReceiver();
  const joined = expect(hub.join('topic', request, receiver, () => {})).rejects.toThrow('the broker failed');
  await environment.clock.advanceAsync(60_000);
  expect(hub.size).toBe(1);

  receiver.isClosed = true;
  hub.abandon(receiver);
  await joined;

  expect(hub.size).toBe(0);
});

it('hands on what a new log brought while the old one was read, behind a gap', async () => {
  const broker = new HandBroker();
  const one = new TestReceiver();
  const joined = createHub(broker).join('topic', request, one, () => void one.texts.push('joined'));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.event(event(1, { epoch: 'f' }));
  broker.reads[0]?.({ position: at(2), events: [event(2)], complete: true });
  await joined;

  expect(one.texts).toEqual(['joined', '[35,1,2,2,2]', '[37,1,["f",0,0]]', '[35,1,1,1,1]']);
});

it('leaves out what an old log brought before the new one was read', async () => {
  const broker = new HandBroker();
  const one = new TestReceiver();
  const joined = createHub(broker).join('topic', request, one, () => void one.texts.push('joined'));
  broker.listeners[0]?.event(event(7));
  broker.subscribed[0]?.();
  await settled();

  broker.listeners[0]?.event(event(2, { epoch: 'f' }));
  broker.reads[0]?.({ position: at(1, 'f'), events: [event(1, { epoch: 'f' })], complete: true });
  await joined;

  expect(one.texts.slice(0, 3)).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]']);
});

it('forgets a topic whose only receiver is refused while the broker answers', async () => {
  const broker = new HandBroker();
  const hub = createHub(broker);
  const refused = Promise.reject(new Error('refused'));
  await expect(hub.join('topic', request, new TestReceiver(), () => {}, refused)).rejects.toThrow('refused');
  broker.subscribed[0]?.();
  await settled();

  expect(hub.size).toBe(0);
  expect(broker.stopped).toEqual([0]);
});

it('publishes only when who asked to follow the topic here can hear of it', async () => {
  const broker = new HandBroker();
  const hub = createHub(broker);
  const joined = hub.join('topic', request, new TestReceiver(), () => {});
  const publishing = hub.publish('topic', { ...publicationDefaults, payload: ',1', history: null });
  await settled();
  expect(broker.published).toEqual([]);

  broker.subscribed[0]?.();
  await publishing;

  expect(broker.published).toEqual([',1']);
  broker.reads[0]?.({ position: at(1), events: [], complete: true });
  await joined;
});

it('publishes all the same when the broker lets nobody follow', async () => {
  const broker = new HandBroker();
  broker.subscribe = () => Promise.reject(new Error('no room'));
  const hub = createHub(broker);
  void hub.join('topic', request, new TestReceiver(), () => {});
  await hub.publish('topic', { ...publicationDefaults, payload: ',1', history: null });

  expect(broker.published).toEqual([',1']);
});
