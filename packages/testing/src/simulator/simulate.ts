import { preload } from '@typewire/client';
import type { Violation } from './judge.ts';
import { perform } from './perform.ts';
import type { TruePresence } from './presence-oracle.ts';
import type { Schedule, Topic } from './schedule.ts';
import { SESSION_CAPS } from './server-actor.ts';
import type { SimulatedState } from './service.ts';
import { MAX_QUEUED } from './service.ts';
import { topicOf } from './topic-of.ts';
import { watchUncaught } from './uncaught-watch.ts';
import { noSeams, type Seams, World } from './world.ts';

export interface Outcome {
  /** What was not kept; `null` when everything was. */
  readonly violation: Violation | null;
  /** The same for the same schedule, always. */
  readonly hash: string;
  /** What happened, when it was asked for. */
  readonly lines: readonly string[];
  /** How many events it took. */
  readonly events: number;
}

export interface SimulateOptions {
  /** Bugs put between the product and the world. @default none */
  readonly seams?: Seams;
  /** Whether to keep what happened, line by line. @default false */
  readonly keepsLines?: boolean;
}

/** Longest time from the end of the faults until everything is as it should be. */
const CONVERGENCE_MS = 90_000;

/** How often it is looked whether it is so; the first time, whatever was under way has arrived. */
const LOOK_MS = 5_000;

/** From closing everything until nothing may be left: a lost peer is noticed, sessions run out. */
const QUIET_MS = 60_000;

/** Runs a schedule to its end: the faults, the time to recover, and the closing of everything. */
export async function simulate(schedule: Schedule, options: SimulateOptions = {}): Promise<Outcome> {
  // How long a module takes to load is no part of the schedule.
  await preload();
  const world = new World(schedule, options.seams ?? noSeams, options.keepsLines ?? false);
  const { clock, judge, trace } = world;
  const failed = (): boolean => {
    checkCaps(world);
    return judge.violation !== null;
  };
  await watchUncaught(judge.uncaught, async () => {
    const startMs = clock.now();
    for (const item of schedule.items) {
      clock.schedule(startMs + item.atMs, () => {
        trace.add('schedule', JSON.stringify(item));
        perform(world, item);
      });
    }
    await clock.runUntil(startMs + schedule.endMs, failed);
    if (failed()) return;
    world.heal();
    await converge(world, failed);
    if (failed()) return;
    await close(world, failed);
  });
  return { violation: judge.violation, hash: trace.hash, lines: trace.lines, events: clock.events };
}

/** Nothing grows beyond what it may. */
function checkCaps({ servers, judge }: World): void {
  for (const { wire, process } of servers) {
    const { detachedCount } = wire.sessions;
    if (detachedCount > SESSION_CAPS.maxDetached) {
      judge.complain('caps', `${process.name} keeps ${detachedCount} sessions, above ${SESSION_CAPS.maxDetached}`);
    }
    const { longestQueue } = wire.channels.slow;
    if (longestQueue > MAX_QUEUED) {
      judge.complain('caps', `${process.name} keeps ${longestQueue} for one slow reader, above ${MAX_QUEUED}`);
    }
  }
}

async function converge(world: World, failed: () => boolean): Promise<void> {
  const { clock, judge } = world;
  const healedMs = clock.now();
  while (!failed() && clock.now() < healedMs + CONVERGENCE_MS) {
    await clock.runUntil(clock.now() + LOOK_MS, failed);
    if (obstacles(world).length === 0) return;
  }
  if (!failed()) judge.complain('convergence', obstacles(world).join('; '));
}

/** What is not yet as it should be when nothing is wrong any more. */
function obstacles(world: World): readonly string[] {
  const { calls, clients, broker } = world;
  const present = presenceOf(world);
  return [
    ...calls.unsettled.map((key) => `${key} has no outcome`),
    ...calls.running.map((handler) => `${handler} still runs`),
    ...clients.flatMap((client) => [
      ...(client.state === 'open' ? [] : [`${client.process.name} is ${client.state}`]),
      ...client.following.flatMap(({ key, topic, subscription, oracle }) => {
        const { state } = subscription.status;
        if (state !== 'live') return [`${client.process.name} ${key} is ${state}`];
        return oracle.settled(subscription.position, broker.position(topicOf(topic))) ?? [];
      }),
      ...client.misseen(present),
    ]),
  ];
}

/** Who is truly present on a topic, when everything is quiet: who says so, and is not still waiting for the server. */
function presenceOf({ clients }: World): (topic: Topic) => TruePresence {
  return (topic) => {
    const members = new Map<string, SimulatedState>();
    for (const client of clients) {
      const member = client.present(topic);
      if (member === 'nobody yet') members.set(`somebody of ${client.process.name}`, { key: '?', user: '?' });
      else if (member !== null) members.set(...member);
    }
    return { members };
  };
}

async function close(world: World, failed: () => boolean): Promise<void> {
  const { clock, judge, clients, servers } = world;
  for (const client of clients) client.close();
  await clock.runUntil(clock.now() + QUIET_MS / 2, failed);
  for (const { wire, process } of servers) {
    const { count } = wire.sessions;
    if (count > 0) judge.complain('leaks', `${process.name} has ${count} sessions, and no client is left`);
  }
  for (const server of servers) server.close();
  await clock.runUntil(clock.now() + QUIET_MS / 2, failed);
  for (const { process } of [...clients, ...servers]) {
    if (process.timers > 0) judge.complain('leaks', `${process.name} has ${process.timers} timers after it was closed`);
  }
}
