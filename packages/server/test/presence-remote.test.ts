import { fakeClock, fakeEnvironment, RemoteBroker, seededRandom } from '@typewire/testing';
import { expect, it } from 'vitest';
import { MemoryBroker } from '../src/index.ts';
import { PresenceHub } from '../src/presence/presence-hub.ts';
import { TestReceiver } from './hub-support.ts';

/** What one that looks knows after the messages it got. */
function readMembers(texts: readonly string[]): Map<string, unknown> {
  const members = new Map<string, unknown>();
  for (const text of texts) {
    const [, , kind, left, changed] = JSON.parse(text);
    if (kind === 'state') members.clear();
    for (const id of left) members.delete(id);
    for (const [id, , state] of changed) members.set(id, state);
  }
  return members;
}

it.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'two servers agree on who is present behind a broker that loses answers and changes: seed %i',
  async (seed) => {
    const clock = fakeClock();
    const environment = fakeEnvironment({ clock, seed: seed + 1 });
    const random = seededRandom(seed + 100);
    const broker = new MemoryBroker(environment);
    const network = { loss: 0.2 };
    const hubs = [0, 1].map(() => {
      const remote = new RemoteBroker(broker, {
        environment,
        get lostReplies() {
          return network.loss;
        },
        get lostEvents() {
          return network.loss;
        },
      });
      if (remote.presence === undefined) throw new Error('it has presence');
      return new PresenceHub(remote.presence, environment);
    });
    const topics = hubs.map((hub) => hub.open('topic', 50));
    const receivers = topics.map((topic, index) => {
      const receiver = new TestReceiver(`receiver ${index}`);
      topic.watch(receiver, 1, 'all');
      return receiver;
    });
    const present = new Map<string, string>();
    for (let step = 0; step < 60; step++) {
      const home = Math.floor(random() * 2);
      const id = `member ${home} ${Math.floor(random() * 5)}`;
      if (random() < 0.3) {
        present.delete(id);
        topics[home]?.remove(id);
      } else {
        present.set(id, `state ${step}`);
        topics[home]?.put({ id, subject: null, state: `,"state ${step}"` });
      }
      await clock.advanceAsync(random() * 200);
    }
    network.loss = 0;
    // Longer than the time to live: what could not be removed has left by itself.
    await clock.advanceAsync(120_000);
    for (const { texts } of receivers) expect([...readMembers(texts)].sort()).toEqual([...present].sort());
    for (const [index, topic] of topics.entries()) {
      topic.unwatch(receivers[index] as TestReceiver);
      for (const { id } of topic.ownMembers) topic.remove(id);
      hubs[index]?.release(topic);
    }
    await clock.advanceAsync(1_000);
    expect(hubs.map(({ size }) => size)).toEqual([0, 0]);
    expect(clock.pending).toBe(0);
  },
);
