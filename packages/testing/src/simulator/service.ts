import type { Channel, Procedure, Router, Schema, SchemaTypes } from '@typewire/core';
import { typewire } from '@typewire/server';
import type { CallOracle } from './call-oracle.ts';
import type { Dice } from './dice.ts';
import type { Rights } from './rights.ts';
import type { Topic } from './schedule.ts';
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
}

export interface ServiceOptions {
  readonly process: VirtualProcess;
  readonly calls: CallOracle;
  readonly rights: Rights;
  readonly dice: Dice;
  readonly historySize: number;
}

export interface SimulatedEvent {
  readonly id: string;
}

/** What a member says of itself. */
export interface SimulatedState {
  /** Of all that is said. */
  readonly key: string;
  readonly user: string;
}

/** What a room gives besides its events. */
interface RoomExtras {
  readonly snapshot: never;
  readonly snapshotInput: never;
  readonly errors: NoErrors;
  readonly errorsInput: NoErrors;
  readonly presence: SimulatedState;
  readonly presenceInput: SimulatedState;
}

interface Room {
  readonly room: 'a' | 'b';
}

type NoErrors = Record<never, never>;

export interface ServiceTree {
  readonly read: Procedure<'query', SchemaTypes<Work>, string, NoErrors>;
  readonly add: Procedure<'mutation', SchemaTypes<Work>, string, NoErrors>;
  readonly count: Procedure<'stream', SchemaTypes<Count>, number, NoErrors>;
  /** Keeps a history, and users may be present there. */
  readonly room: Channel<Room, SimulatedEvent, SimulatedEvent, Room, RoomExtras>;
  /** Keeps none. */
  readonly feed: Channel<undefined, SimulatedEvent, SimulatedEvent>;
}

/** The application on a server, and its channels. */
export interface Service {
  readonly router: Router<ServiceTree, ServiceContext>;
  readonly room: ServiceTree['room'];
  readonly feed: ServiceTree['feed'];
}

/** Whatever it is: what the simulation sends is what it means. */
function any<Value>(): Schema<Value> {
  return {
    '~standard': { version: 1, vendor: 'typewire-simulator', validate: (value) => ({ value: value as Value }) },
  };
}

/** The application on the servers: it tells the oracles what it does. */
export function createService({ process, calls, rights, dice, historySize }: ServiceOptions): Service {
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
  const room = t.channel({
    params: any<Room>(),
    event: any<SimulatedEvent>(),
    history: { size: historySize, ttlMs: 60_000 },
    subscribe: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
    publish: () => true,
    presence: {
      state: any<SimulatedState>(),
      enter: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
      see: ({ ctx, params }) => mayFollow(ctx.user, `room:${params.room}`),
      graceMs: 2_000,
    },
  });
  const feed = t.channel({
    event: any<SimulatedEvent>(),
    subscribe: ({ ctx }) => mayFollow(ctx.user, 'feed'),
    publish: () => true,
  });
  const router = t.router({
    read: t.input(any<Work>()).query(({ ctx, input, signal }) => work(ctx.user, input, signal)),
    add: t.input(any<Work>()).mutation(({ ctx, input, signal }) => work(ctx.user, input, signal)),
    count: t.input(any<Count>()).stream(async function* ({ input: { key, count, everyMs }, signal }) {
      calls.entered(key, process.name);
      try {
        for (let index = 0; index < count; index++) {
          yield index;
          await sleep(process, everyMs, signal);
        }
      } finally {
        calls.left(key, process.name);
      }
    }),
    room,
    feed,
  });
  return { router, room, feed };
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
