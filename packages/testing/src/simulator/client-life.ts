import type { Client, Presence, Subscription } from '@typewire/client';
import type { ChainOracle } from './chain-oracle.ts';
import type { PresenceLook } from './presence-oracle.ts';
import type { Action, Topic } from './schedule.ts';
import type { Service, SimulatedEvent, SimulatedState } from './service.ts';
import type { ClientNetwork } from './virtual-network.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** How somebody subscribes. */
export type SubscribeAction = Pick<Extract<Action, { type: 'subscribe' }>, 'topic' | 'key' | 'rewind' | 'counts'>;

/** A subscription of the application, and what it must be told. */
export interface Following {
  readonly key: string;
  readonly options: SubscribeAction;
  readonly topic: Topic;
  readonly subscription: Subscription<SimulatedEvent>;
  readonly oracle: ChainOracle;
  /** `null` where nobody can be present. */
  readonly presence: Presence<SimulatedState> | null;
  isPresent: boolean;
  look: PresenceLook | null;
}

/** What a program is between two starts. */
export interface Life {
  readonly process: VirtualProcess;
  readonly network: ClientNetwork;
  readonly client: Client<Service['router']>;
  readonly following: Following[];
  /** Topics whose past somebody has asked for. */
  readonly rewound: Set<Topic>;
  /** Calls without an outcome. */
  readonly calls: Set<string>;
  /** Events that were published for everybody else. */
  readonly unheard: Set<string>;
  /** What its user said last on a topic. */
  readonly said: Map<Topic, SimulatedState>;
}
