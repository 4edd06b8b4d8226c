import type { Channel, Topic as NamedTopic, Procedure, Router, Schema, SchemaTypes } from '@typewire/core';
import { tracked, typewire } from '@typewire/server';
import type { CallOracle } from './call-oracle.ts';
import type { Dice } from './dice.ts';
import type { Rights } from './rights.ts';
import { isRoom, roomOf, type Topic } from './schedule.ts';
import type { VirtualProcess } from './virtual-process.ts';

export interface ServiceContext {
  readonly user: string;
}

interface Work {
  readonly key: string;
  readonly workMs: number;
}

interface Count {
  readonly key: string;
  readonly count: number;
  readonly everyMs: number;
  /** Whether its items have ids, by which it goes on when the session is lost. */
  readonly isTracked: boolean;
}

export interface ServiceOptions {
  readonly process: VirtualProcess;
  readonly calls: CallOracle;
  readonly rights: Rights;
  readonly dice: Dice;
  readonly historySize: number;
  /** What the application has written down for the topic `doc`: ids of events. */
  readonly database: Set<string>;
}

export interface SimulatedEvent {
  readonly id: string;
  /** What it is about: where events replace each other, those of one subject do. */
  readonly subject: string;
  readonly padding: string;
}

/** An event, whose subject is part of its id. */
export function createEvent(id: string, padding = 0): SimulatedEvent {
  return { id, subject: `subject ${Number(/\d+$/.exec(id)?.[0]) % 3}`, padding: 'x'.repeat(padding) };
}

/** What a member says of itself. */
export interface SimulatedState {
  /** Of all that is said. */
  readonly key: string;
  readonly user: string;
}

/** What a channel gives besides its events. */
interface Extras<Snapshot, State> {
  readonly snapshot: Snapshot;
  readonly snapshotInput: Snapshot;
  readonly errors: NoErrors;
  readonly errorsInput: NoErrors;
  readonly presence: State;
  readonly presenceInput: State;
}

type PlainChannel = Channel<undefined, SimulatedEvent, SimulatedEvent>;

interface Room {
  readonly room: 'a' | 'b';
}

type NoErrors = Record<never, never>;

export interface ServiceTree {
  readonly read: Procedure<'query', SchemaTypes<Work>, string, NoErrors>;
  readonly add: Procedure<'mutation', SchemaTypes<Work>, string, NoErrors>;
  readonly count: Procedure<'stream', SchemaTypes<Count>, number, NoErrors>;
  /** Keeps a history, and users may be present there. */
  readonly room: Channel<Room, SimulatedEvent, SimulatedEvent, Room, Extras<never, SimulatedState>>;
  /** Keeps none, and closes the connections of who reads too slowly. */
  readonly feed: PlainChannel;
  /** Delivers of each subject the newest within a time. */
  readonly price: PlainChannel;
  /** Has of each subject the newest wait for who reads too slowly. */
  readonly board: PlainChannel;
  /** Drops the oldest for who reads too slowly. */
  readonly tape: PlainChannel;
  /** Gives the ids of all events so far as a snapshot. */
  readonly doc: Channel<undefined, SimulatedEvent, SimulatedEvent, undefined, Extras<readonly string[], undefined>>;
}

/** The application on a server, and its channels. */
export interface Service {
  readonly router: Router<ServiceTree, ServiceContext>;
  /** The topic by which the server publishes. */
  name(topic: Topic): NamedTopic<SimulatedEvent>;
}

/** What may wait for one who reads too slowly, in UTF-16 units. */
export const MAX_QUEUED = 3_000;

const CONFLATE_MS = 300;

/** Whatever it is: what the simulation sends is what it means. */
function any<Value>(): Schema<Value> {
  return {
    '~standard': { version: 1, vendor: 'typewire-simulator', validate: (value) => ({ value: value as Value }) },
  };
}

/** The application on the servers: it tells the oracles what it does. */
export function createService(options: ServiceOptions): Service {
  const { process, calls, rights, dice, historySize, database } = options;
  const t = typewire<ServiceContext>();
  /** Looked up at once, and told when the rule has been told. */
  const mayFollow = async (user: string, topic: Topic): Promise<boolean> => {
    const answer = rights.mayFollow(user, topic);
    if (dice.chance(0.3)) await sleep(process, dice.between(1, 40));
    return answer;
  };
  const work = async (user: string, { key, workMs }: Work, signal: AbortSignal): Promise<string> => {
    rights.served(user, process.name);
    calls.entered(key, process.name);
    try {
      await sleep(process, workMs / 2, signal);
      const result = calls.ran(key, process.name);
      await sleep(process, workMs / 2, signal);
      return result;
    } finally {
      calls.left(key, process.name);
    }
  };
  const history = { size: historySize, ttlMs: 60_000 };
  const plain = (topic: Topic) => ({
    event: any<SimulatedEvent>(),
    maxQueuedBytes: MAX_QUEUED,
    key: ({ subject }: SimulatedEvent) => subject,
    subscribe: ({ ctx }: { readonly ctx: ServiceContext }) => mayFollow(ctx.user, topic),
    publish: () => true,
  });
  const room = t.channel({
    params: any<Room>(),
    event: any<SimulatedEvent>(),
    history,
    maxQueuedBytes: MAX_QUEUED,
    subscribe: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
    publish: () => true,
    presence: {
      state: any<SimulatedState>(),
      enter: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
      see: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
      graceMs: 2_000,
    },
  });
  const feed = t.channel({ ...plain('feed'), overflow: 'close' });
  const price = t.channel({ ...plain('price'), conflateMs: CONFLATE_MS, history });
  const board = t.channel({ ...plain('board'), overflow: 'latest-per-key' });
  const tape = t.channel({ ...plain('tape'), overflow: 'drop-oldest' });
  const doc = t.channel({
    ...plain('doc'),
    history,
    publish: ({ event }) => {
      database.add(event.id);
      return true;
    },
    snapshot: async () => {
      if (dice.chance(0.5)) await sleep(process, dice.between(1, 300));
      return [...database];
    },
  });
  const router = t.router({
    read: t.input(any<Work>()).query(({ ctx, input, signal }) => work(ctx.user, input, signal)),
    add: t.input(any<Work>()).mutation(({ ctx, input, signal }) => work(ctx.user, input, signal)),
    count: t.input(any<Count>()).stream(async function* ({ input, lastEventId, signal }) {
      const { key, count, everyMs, isTracked } = input;
      calls.entered(key, process.name);
      try {
        for (let index = lastEventId === null ? 0 : Number(lastEventId) + 1; index < count; index++) {
          yield isTracked ? tracked(String(index), index) : index;
          await sleep(process, everyMs, signal);
        }
      } finally {
        calls.left(key, process.name);
      }
    }),
    room,
    feed,
    price,
    board,
    tape,
    doc,
  });
  const channels = { feed, price, board, tape, doc };
  return { router, name: (topic) => (isRoom(topic) ? room(roomOf(topic)) : channels[topic]()) };
}

/** Rejects when `signal` fires. */
export function sleep(process: VirtualProcess, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = process.setTimer(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}
