import type { Presence } from '@typewire/client';
import type { Following, Life } from './client-life.ts';
import type { TruePresence } from './presence-oracle.ts';
import type { Topic } from './schedule.ts';
import type { SimulatedState } from './service.ts';
import type { VirtualProcess } from './virtual-process.ts';
import type { World } from './world.ts';

/** Is present with a state from now on. */
export function enterTopic(
  world: World,
  { said, following }: Life,
  one: Following,
  presence: Presence<SimulatedState>,
  state: SimulatedState,
): void {
  world.presence.said(one.topic, state);
  said.set(one.topic, state);
  one.isPresent = true;
  presence.on('refused', (right) => {
    if (right !== 'enter') return;
    for (const other of following) if (other.topic === one.topic) other.isPresent = false;
  });
  presence.update(state);
}

/** Begins to look who is present, once. */
export function lookAt(
  { presence: oracle, trace }: World,
  process: VirtualProcess,
  one: Following,
  presence: Presence<SimulatedState>,
): void {
  if (one.look !== null) return;
  const name = `${process.name} ${one.key}`;
  const look = oracle.look(name, one.topic, presence.members);
  one.look = look;
  for (const what of ['join', 'update', 'leave'] as const) {
    presence.on(what, (id, state) => {
      trace.add(name, `${what} ${id} ${state.key}`);
      look[what](id, state);
    });
  }
  presence.on('refused', (right, { code }) => {
    trace.add(name, `may not ${right}: ${code}`);
    if (right === 'watch') look.refused();
  });
}

/** Who of a client is present on a topic; `'nobody yet'` while it waits for the server. */
export function presentOn(
  { following, said }: Life,
  topic: Topic,
): readonly [id: string, state: SimulatedState] | null | 'nobody yet' {
  const one = following.find((other) => other.topic === topic && other.isPresent);
  const state = said.get(topic);
  if (one === undefined || state === undefined) return null;
  const self = one.presence?.self ?? null;
  return self === null ? 'nobody yet' : [self, state];
}

/** What those who look see, and should not; `truth` is by topic. */
export function misseenBy({ process, following }: Life, truth: (topic: Topic) => TruePresence): readonly string[] {
  return following.flatMap(({ topic, look, presence, options, key }) => {
    if (look === null || presence === null || look.isRefused) return [];
    if (!options.counts) return look.settled(presence.members, truth(topic)) ?? [];
    const { members, subjects } = presence.count;
    const states = [...truth(topic).members.values()];
    const expected = `${states.length} of ${new Set(states.map(({ user }) => user)).size}`;
    const seen = `${members} of ${subjects}`;
    return seen === expected ? [] : [`${process.name} ${key} counts ${seen} on ${topic}, and not ${expected}`];
  });
}
