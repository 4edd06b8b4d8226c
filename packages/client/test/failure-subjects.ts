import { settled } from '@typewire/testing';
import { type CallError, isCallError, type MutateOptions, type SafeResult, safe } from '../src/index.ts';
import type { Served, Service } from './failure-service.ts';

/** What is under way when the failure comes; `away` happens meanwhile, `outcome` says what became of it. */
export interface Subject {
  begin(served: Served, service: Service): Promise<{ away?(): Promise<void>; outcome(): Promise<string> }>;
}

const outcomeOf = (result: SafeResult<unknown, CallError>): string =>
  result.ok ? 'resolves' : `${result.error.code} ${result.error.delivery}`;

const mutation = (served: Served, { state, release }: Service, options: MutateOptions) => {
  // Long enough to outlast every absence.
  const call = safe(served.client.api.act.mutate(undefined, { timeoutMs: 1_000_000, ...options }));
  return async (): Promise<string> => {
    await release();
    return `${outcomeOf(await call)}, ran ${state.runs}`;
  };
};

const running = (options: MutateOptions): Subject => ({
  async begin(served, service) {
    const outcome = mutation(served, service, options);
    await settled();
    return { outcome };
  },
});

const onItsWay = (options: MutateOptions): Subject => ({
  async begin(served, service) {
    served.network.pairs.at(-1)?.hold();
    const outcome = mutation(served, service, options);
    await settled();
    return { outcome };
  },
});

const answered = (options: MutateOptions): Subject => ({
  async begin(served, service) {
    const outcome = mutation(served, service, options);
    await settled();
    served.network.pairs.at(-1)?.hold();
    await service.release();
    return { outcome };
  },
});

const following = (channel: 'passing' | 'kept'): Subject => ({
  async begin(served, service) {
    const told: string[] = [];
    const subscription = served.client.api[channel].subscribe();
    subscription.on('event', (event) => told.push(event));
    subscription.on('gap', () => told.push('gap'));
    subscription.on('closed', () => told.push('closed'));
    await settled();
    await served.wire.publish(service[channel](), 'one');
    await settled();
    return {
      away: async () => void (await served.wire.publish(service[channel](), 'two')),
      async outcome() {
        await served.wire.publish(service[channel](), 'three');
        await settled();
        return told.join(' ');
      },
    };
  },
});

/** Reads `count` items more and leaves; says how that ended. */
async function readOn(reading: AsyncIterableIterator<number>, items: number[], count: number): Promise<string> {
  try {
    for (let left = count; left > 0; left--) items.push((await reading.next()).value ?? -1);
    await reading.return?.();
    return 'left';
  } catch (error) {
    return isCallError(error) ? `${error.code} ${error.delivery}` : String(error);
  }
}

export const subjects = {
  'a mutation that runs': running({}),
  'a mutation on its way': onItsWay({}),
  'a mutation whose answer is on its way': answered({}),
  'a mutation with a key that runs': running({ idempotencyKey: true }),
  'a mutation with a key on its way': onItsWay({ idempotencyKey: true }),
  'a mutation with a key whose answer is on its way': answered({ idempotencyKey: true }),
  'a mutation made meanwhile': {
    async begin(served, service) {
      let outcome = (): Promise<string> => Promise.reject(new Error('never made'));
      return {
        async away() {
          outcome = mutation(served, service, {});
          await settled();
        },
        outcome: () => outcome(),
      };
    },
  },
  'a query that runs': {
    async begin(served, { release }) {
      const call = safe(served.client.api.look.query(undefined, { timeoutMs: 1_000_000 }));
      await settled();
      return {
        async outcome() {
          await release();
          return outcomeOf(await call);
        },
      };
    },
  },
  'a stream': {
    async begin(served, { state }) {
      const items: number[] = [];
      const reading = served.client.api.count.stream();
      for (let count = 0; count < 3; count++) items.push((await reading.next()).value ?? -1);
      return {
        async outcome() {
          const ended = await readOn(reading, items, 40);
          await settled();
          const inOrder = items.every((item, index) => item === index);
          const producer = state.left === 0 ? 'runs' : 'left';
          return `${ended} after ${items.length}${inOrder ? '' : ` out of order: ${items}`}, its producer ${producer}`;
        },
      };
    },
  },
  'a channel without history': following('passing'),
  'a channel with history': following('kept'),
  'a publication made meanwhile': {
    async begin(served) {
      const told: string[] = [];
      served.client.api.passing.subscribe().on('event', (event) => told.push(event));
      await settled();
      let publication: Promise<string> | null = null;
      return {
        async away() {
          publication = served.client.api.passing.publish(undefined, 'mine', { timeoutMs: 1_000_000 }).then(
            () => 'resolves',
            () => 'rejects',
          );
          await settled();
        },
        async outcome() {
          return `${await publication}, heard ${told.length}`;
        },
      };
    },
  },
} satisfies Record<string, Subject>;
