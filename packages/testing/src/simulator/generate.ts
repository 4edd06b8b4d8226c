import { Dice } from './dice.ts';
import { type Action, type Fault, type Item, type Schedule, type Settings, type Topic, topics } from './schedule.ts';

/** Longest time in which actions are taken and faults happen. */
const MAX_MS = 45_000;

type Make<Made> = (dice: Dice, settings: Settings, key: string) => Made;

const client = (dice: Dice, { clients }: Settings): number => dice.between(0, clients.length - 1);
const server = (dice: Dice, { servers }: Settings): number => dice.between(0, servers - 1);

const actions: readonly Make<Action>[] = [
  (dice, settings, key) => ({
    type: 'call',
    kind: dice.chance(0.4) ? 'query' : 'mutation',
    client: client(dice, settings),
    key,
    workMs: dice.chance(0.7) ? dice.between(0, 20) : dice.between(20, 8_000),
    timeoutMs: dice.chance(0.8) ? 15_000 : dice.between(10, 3_000),
    abortAfterMs: dice.chance(0.1) ? dice.between(0, 2_000) : null,
    // Of the key, not of the dice: every other one.
    isIdempotent: Number(key.slice(1)) % 2 === 0,
  }),
  (dice, settings, key) => ({
    type: 'stream',
    client: client(dice, settings),
    key,
    count: dice.chance(0.2) ? 1_000_000 : dice.between(0, 30),
    everyMs: dice.pick([1, 20, 300]),
    readMs: dice.pick([1, 20, 400]),
    leaveAfter: dice.between(1, 40),
    // Of the key, not of the dice: every other one.
    isTracked: Number(key.slice(1)) % 2 === 0,
  }),
  (dice, settings, key) => ({
    type: 'subscribe',
    client: client(dice, settings),
    key,
    topic: dice.pick(settings.topics),
    rewind: dice.chance(0.3) ? dice.between(1, 12) : 0,
    // Of the key, not of the dice: every fifth.
    counts: Number(key.slice(1)) % 5 === 0,
  }),
  (dice, settings) => ({ type: 'unsubscribe', client: client(dice, settings), which: dice.between(0, 9) }),
  (dice, settings, key) => ({
    type: 'publish',
    client: client(dice, settings),
    key,
    topic: dice.pick(settings.topics),
    isIdempotent: Number(key.slice(1)) % 2 === 0,
    excludesSelf: Number(key.slice(1)) % 3 === 0,
  }),
  (dice, settings, key) => ({
    type: 'announce',
    server: server(dice, settings),
    key,
    topic: dice.pick(settings.topics),
  }),
  (dice, settings, key) => ({
    type: 'burst',
    server: server(dice, settings),
    key,
    topic: dice.pick(settings.topics),
    count: dice.between(2, 30),
    padding: dice.pick([0, 200, 800]),
  }),
  (dice, settings, key) => ({ type: 'enter', client: client(dice, settings), which: dice.between(0, 9), key }),
  (dice, settings) => ({ type: 'exit', client: client(dice, settings), which: dice.between(0, 9) }),
  (dice, settings) => ({ type: 'look', client: client(dice, settings), which: dice.between(0, 9) }),
  (dice, settings) => ({ type: 'wake', client: client(dice, settings) }),
  (dice, settings) => ({ type: 'reopen', client: client(dice, settings) }),
];

/** How often each action is taken, in their order. */
const actionWeights = [20, 5, 12, 4, 18, 16, 4, 8, 3, 6, 2, 1];

const span = (dice: Dice): number => (dice.chance(0.6) ? dice.between(50, 3_000) : dice.between(3_000, 25_000));

const faults: readonly Make<Fault>[] = [
  (dice, settings) => ({
    type: 'reset',
    client: client(dice, settings),
    serverLearnsMs: span(dice),
    clientLearnsMs: dice.chance(0.7) ? dice.between(0, 300) : span(dice),
  }),
  (dice, settings) => ({ type: 'lose', client: client(dice, settings) }),
  (dice, settings) => ({
    type: 'stall',
    client: client(dice, settings),
    up: dice.chance(0.6),
    down: dice.chance(0.6),
    forMs: span(dice),
  }),
  (dice, settings) => ({ type: 'offline', client: client(dice, settings), tells: dice.chance(0.5), forMs: span(dice) }),
  (dice, settings) => ({ type: 'freeze', client: client(dice, settings), forMs: span(dice) }),
  (dice, settings) => ({ type: 'vanish', client: client(dice, settings) }),
  (dice, settings) => ({ type: 'crash', server: server(dice, settings), tells: dice.chance(0.7), forMs: span(dice) }),
  (dice, settings) => ({ type: 'pause', server: server(dice, settings), forMs: span(dice) }),
  (dice, settings) => ({ type: 'drain', server: server(dice, settings), forMs: span(dice) }),
  (dice, settings) => ({
    type: 'revoke',
    client: client(dice, settings),
    topic: dice.chance(0.7) ? dice.pick(settings.topics) : null,
    forMs: span(dice),
  }),
  (dice, settings) => ({ type: 'brokerCut', server: server(dice, settings), forMs: span(dice) }),
  (dice) => ({
    type: 'brokerRain',
    lostEvents: dice.chance(0.7) ? dice.random() * 0.5 : 0,
    lostReplies: dice.chance(0.5) ? dice.random() * 0.3 : 0,
    forMs: span(dice),
  }),
  () => ({ type: 'brokerRestart' }),
  (dice) => ({ type: 'brokerFailOver', lost: dice.between(1, 6) }),
  (dice) => ({ type: 'brokerTrim', size: dice.between(0, 4) }),
];

/** A schedule out of one number. Which faults may happen at all is chosen first, so that some runs know only one. */
export function generate(seed: number): Schedule {
  const dice = new Dice(seed, 'schedule');
  const settings = generateSettings(dice);
  const endMs = dice.between(5_000, MAX_MS);
  const items: Item[] = [];
  // Something to lose, from the start.
  settings.clients.forEach((_, index) => {
    const topic = dice.pick(settings.topics);
    items.push({ atMs: 0, type: 'subscribe', client: index, key: `s${index}`, topic, rewind: 0, counts: false });
  });
  for (let count = dice.between(20, 90); count > 0; count--) {
    const make = actions[weighted(dice, actionWeights)] as Make<Action>;
    items.push({ atMs: dice.between(0, endMs), ...make(dice, settings, `k${count}`) });
  }
  const share = dice.pick([0.15, 0.4, 1]);
  const possible = faults.filter(() => dice.chance(share));
  for (let count = possible.length === 0 ? 0 : dice.between(1, dice.pick([6, 12, 40])); count > 0; count--) {
    const make = possible[dice.between(0, possible.length - 1)] as Make<Fault>;
    items.push({ atMs: dice.between(0, endMs), ...make(dice, settings, '') });
  }
  items.sort((one, other) => one.atMs - other.atMs);
  return { seed, settings, items, endMs };
}

function generateSettings(dice: Dice): Settings {
  const slow = dice.pick([5, 40, 400] as const);
  return {
    servers: dice.pick([1, 1, 2, 3]),
    clients: Array.from({ length: dice.between(1, 4) }, () => ({
      device: dice.pick(['browser', 'node'] as const),
      isSticky: dice.chance(0.7),
    })),
    serverLatency: { minMs: 1, maxMs: slow },
    brokerLatency: { minMs: 0.2, maxMs: dice.pick([1, 20, 200, 1_500]) },
    resumableMs: dice.pick([0, 8_000, 20_000]),
    historySize: dice.pick([2, 10, 100]),
    topics: dice.chance(0.5) ? ['room:a', 'room:b', 'feed'] : someTopics(dice),
  };
}

/** Few, so that what is published meets those who follow. */
function someTopics(dice: Dice): readonly [Topic, ...Topic[]] {
  const first = dice.pick(topics);
  const others = topics.filter((topic) => topic !== first);
  return [first, ...others.filter(() => dice.chance(0.3))];
}

function weighted(dice: Dice, weights: readonly number[]): number {
  let rest = dice.random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let index = 0; index < weights.length; index++) {
    rest -= weights[index] as number;
    if (rest < 0) return index;
  }
  return 0;
}
