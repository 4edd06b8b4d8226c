import type { Latency } from './byte-pipe.ts';
import type { Device } from './virtual-network.ts';

/** What a simulation consists of before anything happens. */
export interface Settings {
  readonly servers: number;
  readonly clients: readonly ClientSettings[];
  readonly serverLatency: Latency;
  readonly brokerLatency: Latency;
  /** How long a session outlives its connection. */
  readonly resumableMs: number;
  /** Events a channel with history keeps. */
  readonly historySize: number;
  readonly topics: readonly [Topic, ...Topic[]];
}

export interface ClientSettings {
  readonly device: Device;
  /** Whether it comes back to the server it was at, or to any. */
  readonly isSticky: boolean;
}

/** What the programs on both ends do. `key` names a call or an event, and is never used twice. */
export type Action =
  | {
      readonly type: 'call';
      readonly kind: 'query' | 'mutation';
      readonly client: number;
      readonly key: string;
      /** How long the handler takes, before and after it does what it was called for. */
      readonly workMs: number;
      readonly timeoutMs: number;
      readonly abortAfterMs: number | null;
      /** Of a mutation: whether it is sent with a key by which a server knows a repeat. */
      readonly isIdempotent: boolean;
    }
  | {
      readonly type: 'stream';
      readonly client: number;
      readonly key: string;
      readonly count: number;
      readonly everyMs: number;
      readonly isTracked: boolean;
      /** How long the reader takes over an item. */
      readonly readMs: number;
      /** Items after which the reader leaves; `null` reads to the end. */
      readonly leaveAfter: number | null;
    }
  | {
      readonly type: 'subscribe';
      readonly client: number;
      readonly key: string;
      readonly topic: Topic;
      readonly rewind: number;
      /** Whether it wants no more than the number of those who are present, if it looks. */
      readonly counts: boolean;
    }
  | { readonly type: 'unsubscribe'; readonly client: number; readonly which: number }
  | {
      readonly type: 'publish';
      readonly client: number;
      readonly key: string;
      readonly topic: Topic;
      /** Whether it is sent with a key by which the broker knows a repeat. */
      readonly isIdempotent: boolean;
      /** Whether everybody but its own client gets it. */
      readonly excludesSelf: boolean;
    }
  | { readonly type: 'announce'; readonly server: number; readonly key: string; readonly topic: Topic }
  /** Many events at once, each with so much to carry that slow readers fall behind. */
  | {
      readonly type: 'burst';
      readonly server: number;
      readonly key: string;
      readonly topic: Topic;
      readonly count: number;
      readonly padding: number;
    }
  /** Is present where it follows a topic, with a new state. */
  | { readonly type: 'enter'; readonly client: number; readonly which: number; readonly key: string }
  | { readonly type: 'exit'; readonly client: number; readonly which: number }
  /** Looks at who is present from now on. */
  | { readonly type: 'look'; readonly client: number; readonly which: number }
  /** The page says that it is back online, visible, or shown again; it may well be wrong. */
  | { readonly type: 'wake'; readonly client: number }
  /** Closes the client and makes a new one. */
  | { readonly type: 'reopen'; readonly client: number };

/** Topics of all kinds of channels, see `ServiceTree`; each simulation has some of them. */
export const topics = ['room:a', 'room:b', 'feed', 'price', 'board', 'tape', 'doc'] as const;
export type Topic = (typeof topics)[number];
export type Room = Extract<Topic, `room:${string}`>;

/** Those of whose events of one subject only the newest need arrive. */
export const keyedTopics: ReadonlySet<Topic> = new Set<Topic>(['price', 'board']);

export function isRoom(topic: Topic): topic is Room {
  return topic.startsWith('room:');
}

/** The parameters of a room. */
export function roomOf(topic: Room): { readonly room: 'a' | 'b' } {
  return { room: topic === 'room:a' ? 'a' : 'b' };
}

/** What happens to the connections of one client. */
export type NetworkFault =
  /** The network breaks them, and each end learns of it at its own time. */
  | {
      readonly type: 'reset';
      readonly client: number;
      readonly serverLearnsMs: number;
      readonly clientLearnsMs: number;
    }
  /** Both directions are lost, and nobody is told. */
  | { readonly type: 'lose'; readonly client: number }
  | {
      readonly type: 'stall';
      readonly client: number;
      readonly up: boolean;
      readonly down: boolean;
      readonly forMs: number;
    }
  /** `tells`: whether the system of the client knows, and says so at once. */
  | { readonly type: 'offline'; readonly client: number; readonly tells: boolean; readonly forMs: number };

/** What goes wrong. Everything that lasts ends by itself, or when the faults end. */
export type Fault =
  | NetworkFault
  | { readonly type: 'freeze'; readonly client: number; readonly forMs: number }
  /** The page is gone without a word, and a new one comes. */
  | { readonly type: 'vanish'; readonly client: number }
  | { readonly type: 'crash'; readonly server: number; readonly tells: boolean; readonly forMs: number }
  | { readonly type: 'pause'; readonly server: number; readonly forMs: number }
  | { readonly type: 'drain'; readonly server: number; readonly forMs: number }
  /** A right is taken from a user, and given back: to follow a topic, or to be there at all. */
  | { readonly type: 'revoke'; readonly client: number; readonly topic: Topic | null; readonly forMs: number }
  | { readonly type: 'brokerCut'; readonly server: number; readonly forMs: number }
  | { readonly type: 'brokerRain'; readonly lostEvents: number; readonly lostReplies: number; readonly forMs: number }
  | { readonly type: 'brokerRestart' }
  | { readonly type: 'brokerFailOver'; readonly lost: number }
  | { readonly type: 'brokerTrim'; readonly size: number };

export type Item = { readonly atMs: number } & (Action | Fault);

/** All that happens, in order; together with the seed of its delays it decides everything. */
export interface Schedule {
  readonly seed: number;
  readonly settings: Settings;
  readonly items: readonly Item[];
  /** When faults and actions have ended. */
  readonly endMs: number;
}
