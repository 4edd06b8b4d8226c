import type {
  Broker,
  BrokerEvent,
  BrokerListener,
  BrokerRead,
  BrokerRequest,
  Position,
  SharedMessage,
} from '@typewire/core';
import { type FakeEnvironment, fakeEnvironment, settled } from '@typewire/testing';
import type { ChannelDelivery } from '../src/channels/delivery.ts';
import { Hub } from '../src/channels/hub.ts';
import type { HubTopic } from '../src/channels/hub-topic.ts';
import type { TopicReceiver } from '../src/channels/topic-receiver.ts';

/** A broker whose answers come when the test says so, for the races between them. */
export class HandBroker implements Broker {
  readonly listeners: BrokerListener[] = [];
  readonly stopped: number[] = [];
  readonly subscribed: Array<() => void> = [];
  readonly requests: BrokerRequest[] = [];
  readonly reads: Array<(read: BrokerRead | Error) => void> = [];
  readonly asked: Array<(position: Position | Error) => void> = [];
  readonly published: string[] = [];

  publish(_topic: string, { payload }: { payload: unknown }): Promise<{ position: Position; duplicate: boolean }> {
    this.published.push(String(payload));
    return Promise.resolve({ position: { epoch: 'e', offset: 1, tag: 1 }, duplicate: false });
  }

  subscribe(_topic: string, listener: BrokerListener): Promise<() => void> {
    const index = this.listeners.push(listener) - 1;
    return new Promise((resolve) => this.subscribed.push(() => resolve(() => void this.stopped.push(index))));
  }

  read(_topic: string, request: BrokerRequest): Promise<BrokerRead> {
    this.requests.push(request);
    return this.#answer(this.reads);
  }

  position(): Promise<Position> {
    return this.#answer(this.asked);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer<Answer>(waiting: Array<(answer: Answer | Error) => void>): Promise<Answer> {
    return new Promise((resolve, reject) =>
      waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
    );
  }
}

/** An event whose tag is its offset, in a log whose tags are; `previousTag` breaks the chain. */
export function event(
  offset: number,
  {
    epoch = 'e',
    tag = offset,
    previousTag = offset - 1,
    key = null as string | null,
    exclude = null as string | null,
  } = {},
): BrokerEvent {
  return { position: { epoch, offset, tag }, previousTag, payload: `,${offset}`, key, exclude };
}

export function at(offset: number, epoch = 'e', tag = offset): Position {
  return { epoch, offset, tag };
}

export class TestReceiver implements TopicReceiver {
  /** What it was told, batches taken apart. */
  readonly texts: string[] = [];
  /** How many messages each of what was sent to it was. */
  readonly counts: number[] = [];
  readonly id: string;
  /** What `sendShared` may still take; beyond it the connection is slow. */
  room = Number.POSITIVE_INFINITY;
  closedSlow = 0;
  isClosed = false;

  constructor(id = 'one') {
    this.id = id;
  }

  get isSlow(): boolean {
    return this.room <= 0;
  }

  get hasRoom(): boolean {
    return this.room > 0;
  }

  hasRoomFor({ count }: SharedMessage): boolean {
    return this.room > count;
  }

  sendShared({ data, count }: SharedMessage): void {
    this.counts.push(count);
    if (count === 1) this.texts.push(String(data));
    else this.texts.push(...(JSON.parse(String(data)) as unknown[]).map((message) => JSON.stringify(message)));
    this.room -= count;
  }

  closeSlow(): void {
    this.closedSlow++;
  }

  take(): string[] {
    return this.texts.splice(0);
  }
}

export const request = { position: null, rewind: 2 };

export function createHub(broker: Broker, environment: FakeEnvironment = fakeEnvironment()): Hub {
  const limits = { events: 300, bytes: 262_144 };
  const pending = () => environment.defer(() => hub.tick.flush());
  const hub: Hub = new Hub({ broker, environment, limits, positionCheckMs: 25_000, pending });
  return hub;
}

/** Receivers that follow a topic of a broker by hand, from offset 0 of epoch `e` on. */
export async function following(names: readonly string[] = ['one'], delivery?: ChannelDelivery) {
  const environment = fakeEnvironment();
  const broker = new HandBroker();
  const hub = createHub(broker, environment);
  const receivers = names.map((name) => new TestReceiver(name));
  const topics: HubTopic[] = [];
  const joins = receivers.map((one) =>
    hub.join('topic', request, one, ({ topic }) => topics.push(topic), Promise.resolve(), delivery),
  );
  broker.subscribed[0]?.();
  await settled();
  for (const read of broker.reads.splice(0)) read({ position: at(0), events: [], complete: true });
  await Promise.all(joins);
  broker.requests.length = 0;
  /** Within one tick, which goes on. */
  const tell = (...events: BrokerEvent[]): void => {
    for (const next of events) broker.listeners[0]?.event(next);
  };
  /** As one tick brings them. */
  const deliver = (...events: BrokerEvent[]): void => {
    tell(...events);
    hub.tick.flush();
  };
  /** Answers the one read that waits. */
  const answer = async (read: BrokerRead | Error): Promise<void> => {
    const [waiting, ...others] = broker.reads.splice(0);
    if (waiting === undefined || others.length > 0) throw new Error(`${others.length + 1} reads wait`);
    waiting(read);
    await settled();
  };
  return { environment, broker, hub, topics, receivers, one: receivers[0] as TestReceiver, tell, deliver, answer };
}
