import type { BrokerPresence } from '@typewire/core';
import { fakeClock, fakeEnvironment } from '@typewire/testing';
import { expect, it } from 'vitest';
import { Dice } from '../../testing/src/simulator/dice.ts';
import { ModelPresence } from '../../testing/src/simulator/model-presence.ts';
import { PresenceHub } from '../src/presence/presence-hub.ts';
import { TestReceiver } from './hub-support.ts';

/** Servers that share a broker whose accidents are in the hands of the test. */
function serve() {
  const clock = fakeClock();
  const environment = fakeEnvironment({ clock });
  const broker = new ModelPresence(environment, new Dice(1));
  const link = { isCut: false };
  const open = () => {
    const call = <Answer>(run: () => Promise<Answer>): Promise<Answer> =>
      link.isCut ? Promise.reject(new Error('cut')) : run();
    const presence: BrokerPresence = {
      put: (...args) => call(() => broker.put(...args)),
      remove: (...args) => call(() => broker.remove(...args)),
      refresh: (...args) => call(() => broker.refresh(...args)),
      list: (...args) => call(() => broker.list(...args)),
      subscribe: (...args) => call(() => broker.subscribe(...args)),
    };
    const hub = new PresenceHub(presence, environment);
    const topic = hub.open('topic', 50);
    const seen = new Map<string, string>();
    const receiver = new TestReceiver('receiver');
    topic.watch(receiver, 1, 'all');
    const look = (): Record<string, string> => {
      for (const text of receiver.texts.splice(0)) {
        const [, , kind, left, members] = JSON.parse(text);
        if (kind === 'state') seen.clear();
        for (const id of left) seen.delete(id);
        for (const [id, , state] of members) seen.set(id, state);
      }
      return Object.fromEntries(seen);
    };
    const put = (id: string, state: string): void => topic.put({ id, subject: null, state: `,"${state}"` });
    return { hub, topic, look, put };
  };
  return { broker, link, open, pass: (ms: number) => clock.advanceAsync(ms), clock };
}

it('tells the broker again what it did not take, and of each member only the newest', async () => {
  const { link, open, pass } = serve();
  const [one, other] = [open(), open()];
  one.put('ann', 'here');
  one.put('ben', 'here');
  await pass(100);
  link.isCut = true;
  one.put('ann', 'away');
  one.topic.remove('ben');
  await pass(500);
  one.put('ann', 'back');
  link.isCut = false;
  await pass(2_000);
  expect(other.look()).toEqual({ ann: 'back' });
});

it('tells it nothing more when the server is closed, though it never answered', async () => {
  const { link, open, pass, clock } = serve();
  const one = open();
  await pass(100);
  link.isCut = true;
  one.put('ann', 'here');
  one.hub.close();
  await pass(5_000);
  expect(clock.pending).toBe(0);
});

it('has members as they are, when an older copy of the broker takes over that knows them otherwise', async () => {
  const { broker, open, pass } = serve();
  const [one, other] = [open(), open()];
  one.put('ann', 'here');
  await pass(100);
  one.put('ann', 'away');
  await pass(100);
  broker.failOver(1);
  const newcomer = open();
  await pass(100);
  expect(newcomer.look()).toEqual({ ann: 'here' });
  await pass(26_000);
  for (const { look } of [one, other, newcomer]) expect(look()).toEqual({ ann: 'away' });
});

it('notices an older copy that has come to the same number of changes meanwhile', async () => {
  const { broker, open, pass } = serve();
  const [one, other] = [open(), open()];
  one.put('ann', 'here');
  await pass(100);
  one.put('ben', 'here');
  await pass(100);
  expect(other.look()).toEqual({ ann: 'here', ben: 'here' });
  broker.failOver(1);
  one.topic.remove('ben');
  one.put('cid', 'here');
  await pass(100);
  await pass(26_000);
  expect(other.look()).toEqual({ ann: 'here', cid: 'here' });
});

it('forgets those who left in what an older copy has lost, when their time is over', async () => {
  const { broker, open, pass } = serve();
  const [one, other] = [open(), open()];
  one.put('ann', 'here');
  await pass(100);
  one.topic.remove('ann');
  await pass(100);
  expect(other.look()).toEqual({});
  broker.failOver(1);
  const newcomer = open();
  await pass(100);
  expect(newcomer.look()).toEqual({ ann: 'here' });
  await pass(90_000);
  for (const { look } of [other, newcomer]) expect(look()).toEqual({});
  expect((await broker.list('topic')).members).toEqual([]);
});
