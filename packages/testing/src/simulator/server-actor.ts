import { createWire, type Wire } from '@typewire/server';
import { BrokerLink } from './broker-link.ts';
import type { Topic } from './schedule.ts';
import { createEvent, createService, type Service, type ServiceContext, sleep } from './service.ts';
import type { NetworkServer } from './virtual-network.ts';
import { VirtualProcess } from './virtual-process.ts';
import type { SocketEnd } from './virtual-socket.ts';
import type { World } from './world.ts';

/** Everything of one life of a server, which ends when its process does. */
interface Life {
  readonly process: VirtualProcess;
  readonly wire: Wire;
  readonly service: Service;
  readonly link: BrokerLink;
  readonly ends: SocketEnd[];
  /** Publications of its own that are under way. */
  readonly announcing: Set<string>;
}

/** Of the sessions that wait for their client; the simulation holds the servers to them. */
export const SESSION_CAPS = { maxDetached: 4, maxDetachedPerSubject: 2 } as const;

/** From being told to drain until the process ends. */
const DRAIN_MS = 3_000;

/** A server: the product's `createWire` in a process that may crash, hang, or be replaced. */
export class ServerActor {
  readonly #world: World;
  readonly #name: string;
  #lives = 0;
  #life: Life;
  #isDraining = false;
  #restart: (() => void) | null = null;

  constructor(world: World, index: number) {
    this.#world = world;
    this.#name = `server-${index}`;
    this.#life = this.#begin();
  }

  /** What the network finds here. */
  get found(): NetworkServer | 'refused' {
    const { process, wire, ends } = this.#life;
    if (process.isEnded || this.#isDraining) return 'refused';
    return {
      process,
      accept: (transport, end) => {
        ends.push(end);
        return wire.accept(transport, { url: '/', headers: new Map(), remoteAddress: null });
      },
    };
  }

  get process(): VirtualProcess {
    return this.#life.process;
  }

  get wire(): Wire {
    return this.#life.wire;
  }

  /** Publishes from the server itself. */
  announce(topic: Topic, key: string, padding = 0): void {
    const { wire, service, process, announcing } = this.#life;
    process.run(() => {
      const { calls, trace, database } = this.#world;
      if (topic === 'doc') database.add(key);
      calls.made(key, 'publish');
      announcing.add(key);
      wire.publish(service.name(topic), createEvent(key, padding)).then(
        () => {
          announcing.delete(key);
          calls.resolved(key, null);
        },
        (error: unknown) => {
          announcing.delete(key);
          trace.add(process.name, `${key} failed: ${String(error)}`);
          calls.forgotten(key);
        },
      );
    });
  }

  /** `tells`: whether its system resets the connections, or the whole machine is gone. */
  crash(tells: boolean, forMs: number): void {
    this.#stop(tells);
    this.#beginAfter(forMs);
  }

  pause(forMs: number): void {
    const { process } = this.#life;
    process.freeze();
    this.#world.until(forMs, () => process.thaw());
  }

  drain(forMs: number): void {
    const { process, wire } = this.#life;
    if (process.isEnded || this.#isDraining) return;
    this.#isDraining = true;
    process.run(() => void wire.drain({ spreadMs: DRAIN_MS / 2 }).catch(this.#world.judge.uncaught));
    this.#world.clock.schedule(this.#world.clock.now() + DRAIN_MS, () => {
      if (this.#life.process === process && !process.isEnded) this.#stop(true);
    });
    this.#beginAfter(DRAIN_MS + forMs);
  }

  /** A right of a user is gone: the server is told, and asks again. */
  revoke(user: string, topic: Topic | null): void {
    const { process, wire } = this.#life;
    const { rights, judge } = this.#world;
    process.run(() => {
      if (topic === null) wire.disconnect({ subject: user });
      else wire.reauthorize({ subject: user }).catch(judge.uncaught);
      rights.toldServer(user, topic, process.name);
    });
  }

  cutFromBroker(forMs: number): void {
    const { link } = this.#life;
    link.isCut = true;
    this.#world.until(forMs, () => {
      link.mend();
    });
  }

  /** The faults are over. */
  heal(): void {
    this.#restart?.();
    this.#life.process.thaw();
  }

  close(): void {
    const { process, wire } = this.#life;
    process.run(() => void wire.close().catch(this.#world.judge.uncaught));
  }

  #stop(tells: boolean): void {
    const { process, ends, announcing } = this.#life;
    if (process.isEnded) return;
    process.end();
    this.#world.trace.add(process.name, 'ended');
    this.#world.calls.crashed(process.name);
    for (const key of announcing) this.#world.calls.forgotten(key);
    for (const end of ends) {
      if (end.isClosed) continue;
      if (tells) end.tellPeer();
      else end.lose();
    }
  }

  #beginAfter(delayMs: number): void {
    if (this.#restart !== null) return;
    const begin = (): void => {
      cancel();
      this.#restart = null;
      this.#stop(true);
      this.#life = this.#begin();
    };
    const cancel = this.#world.clock.schedule(this.#world.clock.now() + delayMs, begin);
    this.#restart = begin;
  }

  #begin(): Life {
    const world = this.#world;
    const { clock, calls, judge, settings } = world;
    const name = `${this.#name}.${++this.#lives}`;
    this.#isDraining = false;
    const process = new VirtualProcess(name, clock, world.dice(name), judge.uncaught);
    const dice = world.dice(name, 'authenticate');
    const link = new BrokerLink({
      broker: world.broker,
      clock,
      dice: world.dice(name, 'broker'),
      latency: settings.brokerLatency,
      process,
      weather: world.weather,
    });
    const service = createService({
      process,
      calls,
      rights: world.rights,
      dice: world.dice(name, 'service'),
      historySize: settings.historySize,
      database: world.database,
    });
    const wire = createWire<ServiceContext>({
      router: service.router,
      broker: world.seams.broker(link),
      environment: process.environment('turn'),
      authenticate: async ({ auth }) => {
        const user = String(auth);
        const isBanned = world.rights.isBanned(user);
        if (dice.chance(0.3)) await sleep(process, dice.between(1, 40));
        return isBanned ? null : { context: { user }, subject: user };
      },
      heartbeat: { intervalMs: 5_000, timeoutMs: 3_000 },
      sessions: { resumableMs: settings.resumableMs, ...SESSION_CAPS },
      limits: { helloTimeoutMs: 4_000, positionCheckMs: 5_000, maxEventBufferBytes: 1_000 },
      onError: ({ error, path }) => world.trace.add(name, `failed at ${path}: ${String(error)}`),
    });
    world.trace.add(name, 'began');
    return { process, wire, service, link, ends: [], announcing: new Set() };
  }
}
