import type { SharedMessage } from '@typewire/core';

/** Who receives the events of topics: one session. */
export interface TopicReceiver {
  /** Events may be meant for everybody but one session. */
  readonly id: string;
  /** It has left for good. */
  readonly isClosed: boolean;
  sendShared(message: SharedMessage): void;
  /** More is on its way to it than should be: what comes next waits. A session without a connection keeps by itself. */
  readonly isSlow: boolean;
  /** Whether it will not be slow with the message on its way, too. `false` may be said too early. */
  hasRoomFor(message: SharedMessage): boolean;
  /** There is a connection, and room on it, for what has waited. */
  readonly hasRoom: boolean;
  /** Closes its connection, because it reads too slowly. */
  closeSlow(): void;
}
