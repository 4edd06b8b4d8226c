import type { Broker } from '@typewire/core';
import { CallTable, DeliveryLog, Link, MessageType, OutgoingCall, SubscriptionTable } from '@typewire/core/internal';
import { IncomingCalls } from '@typewire/core/internal/callee';
import type { Seams } from '@typewire/testing/simulator';
import { Backlog } from '../../../server/src/channels/backlog.ts';
import { Conflation } from '../../../server/src/channels/conflation.ts';
import { FanOut } from '../../../server/src/channels/fan-out.ts';
import { TopicMessages } from '../../../server/src/channels/topic-messages.ts';
import { Peer } from '../../../server/src/peer.ts';
import { PresenceTopic } from '../../../server/src/presence/presence-topic.ts';
import { BrokenBroker, EpochIgnored, TagIgnored, TrimIgnored } from './broken-broker.ts';
import { type Fields, filterMessages, type MessageFilter } from './filter-messages.ts';
import { patch } from './patch.ts';

/** A mistake somebody could make, and that the simulator must notice. */
export interface Bug {
  /** Who must notice. */
  readonly oracle: string;
  /** What it must say. @default anything */
  readonly says?: string;
  readonly seams?: Partial<Seams>;
  /** Puts it into the product itself; returns how to take it out again. */
  readonly install?: () => () => void;
}

/** About a topic and a call that nobody has: read, counted and without effect. */
const noEvent: Fields = [MessageType.Event, 999_999_999, 1, 1];
const noCancel: Fields = [MessageType.Cancel, 999_999_999];

const inMessages = (oracle: string, filter: () => MessageFilter): Bug => ({
  oracle,
  seams: { connect: (connect) => filterMessages(connect, filter) },
});
const inBroker = (oracle: string, wrap: (broker: Broker) => Broker): Bug => ({ oracle, seams: { broker: wrap } });

export const bugs: Readonly<Record<string, Bug>> = {
  'ignore gap': inMessages('chain', () => ({
    received(message) {
      if (message[0] === MessageType.Gap) return noEvent;
      if (message[0] !== MessageType.Subscribed || message[4] !== 'gap') return message;
      return [message[0], message[1], message[2], message[3], 'recovered'];
    },
  })),

  'ignore epoch': inBroker('chain', (broker) => new EpochIgnored(broker)),

  'ignore tag': inBroker('chain', (broker) => new TagIgnored(broker)),

  'take a trimmed history for all of it': inBroker('chain', (broker) => new TrimIgnored(broker)),

  'no position check': inBroker('convergence', (broker) => new BrokenBroker(broker, true)),

  'no buffer while subscribing': inMessages('convergence', () => {
    const justSubscribed = new Set<unknown>();
    return {
      received(message) {
        if (message[0] === MessageType.Subscribed) justSubscribed.add(message[2]);
        return message[0] === MessageType.Event && justSubscribed.delete(message[1]) ? noEvent : message;
      },
    };
  }),

  'duplicate on resume': { oracle: 'streams', install: () => replayFrom(-1) },

  'resume replays one too few': { oracle: 'convergence', install: () => replayFrom(1) },

  'run a duplicate id': {
    oracle: 'calls',
    says: 'ran twice',
    install() {
      const restore = [replayFrom(-1), patch(IncomingCalls.prototype, 'takeId', () => function takeId() {})];
      return () => restore.forEach((undo) => undo());
    },
  },

  'queue for a slow reader without a bound': {
    oracle: 'caps',
    says: 'for one slow reader',
    install: () =>
      patch(
        FanOut.prototype,
        'send',
        (send) =>
          function unbounded(this: FanOut, event) {
            Object.assign(this, { delivery: { ...this.delivery, maxQueuedBytes: Number.POSITIVE_INFINITY } });
            send.call(this, event);
          },
      ),
  },

  'lost cancel': inMessages('convergence', () => ({
    sent: (message) => (message[0] === MessageType.Cancel ? noCancel : message),
  })),

  'lost credit': inMessages('convergence', () => ({
    sent: (message) => (message[0] === MessageType.Credit ? noCancel : message),
  })),

  'repeat a mutation that is not idempotent': {
    oracle: 'calls',
    says: 'ran twice',
    install: () =>
      patch(CallTable.prototype, 'start', (start) => {
        return function startRepeatable(this: CallTable, request, now) {
          if (request instanceof OutgoingCall) Object.defineProperty(request, 'repeatable', { value: true });
          start.call(this, request, now);
        };
      }),
  },

  'never ask the rules again': {
    oracle: 'rights',
    install: () => patch(Peer.prototype, 'reauthorize', () => () => Promise.resolve()),
  },

  'let a session go on whose user was disconnected': {
    oracle: 'rights',
    install: () => patch(Peer.prototype, 'expel', () => function expel() {}),
  },

  'never notice that a connection is dead': {
    oracle: 'leaks',
    install: () =>
      patch(Link.prototype, 'tick', (tick) => {
        return function tickUnlessOpen(this: Link, now) {
          if (!this.isOpen) tick.call(this, now);
        };
      }),
  },

  'do not subscribe again on a new session': {
    oracle: 'convergence',
    install: () => patch(SubscriptionTable.prototype, 'connected', () => function connected() {}),
  },

  'leave calls open when the client is closed': {
    oracle: 'calls',
    install: () => patch(CallTable.prototype, 'close', () => function close() {}),
  },

  'begin a stream anew whose session was lost': inMessages('streams', () => ({
    sent: (message) =>
      message[0] === MessageType.Open
        ? ([...message.slice(0, 5), null, ...message.slice(6)] as unknown as Fields)
        : message,
  })),

  'say nothing of what a gap took': {
    oracle: 'chain',
    says: 'and no gap',
    install: () =>
      patch(TopicMessages.prototype, 'gap', () => {
        return function gap(this: TopicMessages, position) {
          return this.skip(position);
        };
      }),
  },

  'count what a gap took one too many': {
    oracle: 'chain',
    says: 'was told that a gap',
    install: () =>
      patch(TopicMessages.prototype, 'gap', (gap) => {
        return function gapOfMore(this: TopicMessages, position, count) {
          return gap.call(this, position, count === null ? null : count + 1);
        };
      }),
  },

  'send what is new before what waits for a slow reader': {
    oracle: 'chain',
    install: () =>
      patch(Backlog.prototype, 'push', (push) => {
        return function pushThrough(this: Backlog, event, message) {
          if (event.position.offset % 4 === 0) this.receiver.sendShared(message);
          else push.call(this, event, message);
        };
      }),
  },

  'keep the oldest of a time': {
    oracle: 'convergence',
    install() {
      const kept = new WeakMap<Conflation, Set<unknown>>();
      const restore = [
        patch(Conflation.prototype, 'add', (add) => {
          return function addFirst(this: Conflation, event) {
            const keys = kept.get(this) ?? new Set();
            kept.set(this, keys);
            if (keys.has(event.key)) return;
            keys.add(event.key);
            add.call(this, event);
          };
        }),
        patch(Conflation.prototype, 'flush', (flush) => {
          return function flushFirst(this: Conflation) {
            kept.delete(this);
            flush.call(this);
          };
        }),
      ];
      return () => restore.forEach((undo) => undo());
    },
  },

  'give a state of before': inMessages('chain', () => {
    let first: Fields | null = null;
    return {
      received(message) {
        if (message[0] !== MessageType.Subscribed || message.length < 6) return message;
        first ??= message;
        return [...message.slice(0, 5), ...first.slice(5)] as unknown as Fields;
      },
    };
  }),

  'members never leave': {
    oracle: 'convergence',
    says: 'sees',
    install: () => patch(PresenceTopic.prototype, 'remove', () => function remove() {}),
  },

  'do not say who has left': {
    oracle: 'convergence',
    says: 'sees',
    seams: {
      connect: (connect) =>
        filterMessages(connect, () => ({
          received: (message) => {
            if (message[0] !== MessageType.Presence || message[2] !== 'diff') return message;
            return [message[0], message[1], message[2], [], message[4]];
          },
        })),
    },
  },

  'do not ask where the presence of a topic stands': {
    oracle: 'convergence',
    says: 'sees',
    install: () => patch(PresenceTopic.prototype, 'refreshed', () => function refreshed() {}),
  },

  'count one message in forty too few': {
    oracle: 'convergence',
    install() {
      let count = 0;
      return patch(DeliveryLog.prototype, 'receive', (receive) => {
        return function receiveSome(this: DeliveryLog, size, now) {
          return ++count % 40 === 0 ? false : receive.call(this, size, now);
        };
      });
    },
  },
};

/** What is sent again on resume begins so many messages later than it should; earlier when below 0. */
function replayFrom(shift: number): () => void {
  return patch(DeliveryLog.prototype, 'after', (after) => {
    return function afterShifted(this: DeliveryLog, count) {
      const missed = after.call(this, count);
      if (missed === null || missed.length === 0) return missed;
      return shift > 0 ? missed.slice(shift) : (after.call(this, count + shift) ?? missed);
    };
  });
}
