import { createClient, type Presence, type Subscription } from '@typewire/client';
import { ChainOracle, show } from './chain-oracle.ts';
import {
  type CallAction,
  makeCall,
  type PublishAction,
  publishEvent,
  readStream,
  type StreamAction,
} from './client-calls.ts';
import type { Following, Life, SubscribeAction } from './client-life.ts';
import { enterTopic, lookAt, misseenBy, presentOn } from './client-presence.ts';
import type { TruePresence } from './presence-oracle.ts';
import { type ClientSettings, isRoom, keyedTopics, roomOf, type Topic } from './schedule.ts';
import type { Service, SimulatedEvent, SimulatedState } from './service.ts';
import { topicOf } from './topic-of.ts';
import { ClientNetwork, type NetworkServer } from './virtual-network.ts';
import { VirtualProcess } from './virtual-process.ts';
import type { World } from './world.ts';

/** Until somebody who was refused tries again. */
const REGAIN_MS = 1_000;

/** A program that uses the product's `createClient`, and tells the oracles what it is told. */
export class ClientActor {
  readonly #world: World;
  readonly #name: string;
  readonly #settings: ClientSettings;
  #lives = 0;
  #isOver = false;
  #life: Life;

  constructor(world: World, index: number, settings: ClientSettings) {
    this.#world = world;
    this.#name = `client-${index}`;
    this.#settings = settings;
    this.#life = this.#begin();
  }

  get process(): VirtualProcess {
    return this.#life.process;
  }

  get network(): ClientNetwork {
    return this.#life.network;
  }

  get following(): readonly Following[] {
    return this.#life.following;
  }

  get state(): string {
    return this.#life.client.status.state;
  }

  call(action: CallAction): void {
    this.#run((life) => makeCall(this.#world, life, action));
  }

  publish(action: PublishAction): void {
    this.#run((life) => publishEvent(this.#world, life, action));
  }

  stream(action: StreamAction): void {
    this.#run((life) => void readStream(this.#world, life, action).catch(this.#world.judge.uncaught));
  }

  subscribe(options: SubscribeAction): void {
    const { topic, key, rewind, counts } = options;
    this.#run(({ process, client, following, rewound, unheard }) => {
      const { room, doc } = client.api;
      const inRoom = isRoom(topic)
        ? room.subscribe(roomOf(topic), { rewind, presence: counts ? 'count' : 'all' })
        : null;
      const inDoc = topic === 'doc' ? doc.subscribe(undefined, { rewind }) : null;
      const plain = isRoom(topic) || topic === 'doc' ? null : client.api[topic].subscribe(undefined, { rewind });
      const subscription = (inRoom ?? inDoc ?? plain) as Subscription<SimulatedEvent>;
      const name = `${process.name} ${key}`;
      const joinsLate = following.some((other) => other.topic === topic);
      // Of several subscriptions to one topic the first decides what all are given.
      if (rewind > 0) rewound.add(topic);
      const chain = {
        name,
        topic: topicOf(topic),
        isRewound: rewound.has(topic),
        joinsLate,
        unheard,
        isKeyed: keyedTopics.has(topic),
        hasSnapshot: inDoc !== null,
      };
      const oracle = new ChainOracle(chain, this.#world.judge, this.#world.truth);
      this.#listen(name, topic, subscription, oracle);
      inDoc?.on('snapshot', (ids, position) => {
        this.#world.trace.add(name, `snapshot ${show(position)} of ${ids.length}`);
        oracle.snapshot(ids, position);
      });
      const presence = inRoom?.presence ?? null;
      following.push({ key, options, topic, subscription, oracle, presence, isPresent: false, look: null });
    });
  }

  unsubscribe(which: number): void {
    this.#run(({ following }) => {
      if (following.length > 0) following.splice(which % following.length, 1)[0]?.subscription.close();
    });
  }

  enter(which: number, key: string): void {
    this.#withPresence(which, (life, one, presence) => {
      enterTopic(this.#world, life, one, presence, { key, user: this.#name });
    });
  }

  exit(which: number): void {
    this.#withPresence(which, (_life, one, presence) => {
      one.isPresent = false;
      presence.leave();
    });
  }

  look(which: number): void {
    this.#withPresence(which, ({ process }, one, presence) => lookAt(this.#world, process, one, presence));
  }

  /** Who of this client is present on a topic; `'nobody yet'` while it waits for the server. */
  present(topic: Topic): readonly [id: string, state: SimulatedState] | null | 'nobody yet' {
    return presentOn(this.#life, topic);
  }

  /** What those who look here see, and should not; `truth` is by topic. */
  misseen(truth: (topic: Topic) => TruePresence): readonly string[] {
    return misseenBy(this.#life, truth);
  }

  wake(): void {
    this.#run(({ client }) => client.reconnect());
  }

  freeze(forMs: number): void {
    const { process } = this.#life;
    process.freeze();
    this.#world.until(forMs, () => process.thaw());
  }

  reopen(): void {
    this.#run(({ process, client, calls }) => {
      void client.close().catch(this.#world.judge.uncaught);
      this.#world.mustSettle(process, calls);
      this.#life = this.#begin(this.#life);
    });
  }

  /** As a person would: what it was refused is tried again when it may. */
  #regain(): void {
    this.#run(({ process, client, following }) => {
      const { rights } = this.#world;
      const lost = following.filter(({ subscription }) => subscription.status.state === 'closed');
      const isLost = client.status.state === 'closed';
      if (this.#isOver || (!isLost && lost.length === 0)) return;
      const mayFollow = lost.every(({ topic }) => rights.mayFollow(this.#name, topic));
      if (rights.isBanned(this.#name) || !mayFollow) {
        process.setTimer(REGAIN_MS, () => this.#regain());
        return;
      }
      if (isLost) this.#life = this.#begin(this.#life);
      else for (const one of lost) following.splice(following.indexOf(one), 1);
      for (const { options } of lost) this.subscribe({ ...options, key: `${options.key}'` });
    });
  }

  /** The page is gone without a word. */
  vanish(): void {
    const { process, network, calls } = this.#life;
    process.end();
    for (const { client, server } of network.connections) {
      if (this.#world.chance()) client.tellPeer();
      else server.lose();
    }
    for (const key of calls) this.#world.calls.forgotten(key);
    this.#life = this.#begin();
  }

  /** For good: nothing is tried again. */
  close(): void {
    this.#isOver = true;
    this.#run(({ client }) => void client.close().catch(this.#world.judge.uncaught));
  }

  /** With one of the subscriptions to a topic where users can be present. */
  #withPresence(which: number, task: (life: Life, one: Following, presence: Presence<SimulatedState>) => void): void {
    this.#run((life) => {
      const some = life.following.filter(({ presence, subscription }) => {
        return presence !== null && subscription.status.state !== 'closed';
      });
      const one = some[which % some.length];
      if (one?.presence != null) task(life, one, one.presence);
    });
  }

  /** In the process of now, and with the client it has when it comes to it. */
  #run(task: (life: Life) => void): void {
    this.#life.process.run(() => task(this.#life));
  }

  #listen(name: string, topic: Topic, subscription: Subscription<SimulatedEvent>, oracle: ChainOracle): void {
    const { trace, judge, rights } = this.#world;
    subscription.on('status', ({ state, outcome }) => {
      trace.add(name, `${state} ${outcome}`);
      const { position } = subscription;
      if (state === 'live' && outcome !== null && position !== null) oracle.live(outcome, position);
    });
    subscription.on('event', ({ id }, position) => {
      trace.add(name, `event ${id} ${show(position)}`);
      const event = oracle.event(id, position);
      if (event !== null) rights.delivered(this.#name, topic, event);
    });
    subscription.on('gap', (position, { missed }) => {
      trace.add(name, `gap ${show(position)} ${missed}`);
      oracle.gap(position, missed);
    });
    subscription.on('closed', (error) => {
      trace.add(name, `closed ${error?.code ?? ''}`);
      if (error?.code === 'FORBIDDEN' && rights.wasEverTaken(this.#name, topic)) {
        this.#life.process.setTimer(REGAIN_MS, () => this.#regain());
        return;
      }
      // One that was made when its client had been closed says so.
      if (error === null || error.delivery === 'not-sent') return;
      judge.complain('subscriptions', `${name} was ended: ${error.code} ${error.message}`);
    });
  }

  /** Of one that goes `before`, the process goes on. */
  #begin(before: Life | null = null): Life {
    const world = this.#world;
    const name = `${this.#name}.${++this.#lives}`;
    const process = before?.process ?? new VirtualProcess(name, world.clock, world.dice(name), world.judge.uncaught);
    let last: NetworkServer | null = null;
    const network = new ClientNetwork({
      clock: world.clock,
      dice: world.dice(name, 'network'),
      latency: world.settings.serverLatency,
      process,
      device: this.#settings.device,
      find: () => {
        const found = world.findServer(this.#settings.isSticky ? last : null);
        if (found !== 'refused') last = found;
        return found;
      },
      onError: world.judge.uncaught,
    });
    const client = createClient<Service['router']>({
      url: 'sim:',
      auth: this.#name,
      connect: world.seams.connect(network.connect),
      environment: process.environment('microtask'),
      callTimeoutMs: 15_000,
      openTimeoutMs: 4_000,
      watchdogMs: 6_000,
      watchdogTimeoutMs: 3_000,
      stableMs: 3_000,
      streamWindow: 4,
    });
    client.on('status', ({ state, session, error }) => {
      world.trace.add(name, `${state} ${session} ${error?.code ?? ''}`);
      const isRefused = state === 'closed' && error?.code === 'REFUSED';
      if (isRefused && world.rights.wasEverTaken(this.#name, null)) process.setTimer(REGAIN_MS, () => this.#regain());
    });
    return {
      process,
      network,
      client,
      following: [],
      rewound: new Set(),
      calls: before?.calls ?? new Set(),
      unheard: new Set(),
      said: new Map(),
    };
  }
}
