import type { BrokerPresence, PresenceChange } from '@typewire/core';

/** The ways of a remote broker: there and back for a call, and back for what is told. */
export interface RemoteWays {
  call<Answer>(run: () => Promise<Answer>): Promise<Answer>;
  /** Hands over later, or never when what is told gets lost. */
  tell(arrive: () => void): void;
}

/** The presence of a broker as a network makes it. */
export function remotePresence(presence: BrokerPresence, { call, tell }: RemoteWays): BrokerPresence {
  return {
    put: (topic, members, ttlMs) => call(() => presence.put(topic, members, ttlMs)),
    remove: (topic, ids) => call(() => presence.remove(topic, ids)),
    refresh: (members, ttlMs) => call(() => presence.refresh(members, ttlMs)),
    list: (topic) => call(() => presence.list(topic)),
    async subscribe(topic, listener) {
      let stopped = false;
      const changed = (change: PresenceChange): void =>
        tell(() => {
          if (!stopped) listener.changed(change);
        });
      const stop = await call(() => presence.subscribe(topic, { changed, interrupted: () => listener.interrupted() }));
      return () => {
        stopped = true;
        stop();
      };
    },
  };
}
