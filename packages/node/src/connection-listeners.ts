import type { ClosedEvent } from '@typewire/frame';
import { ListenerSlot } from './listener-slot.ts';

/** Events of a connection and what their listeners are given. */
export interface ConnectionEvents {
  /** A text message as a string, a binary one as bytes that own their memory. */
  message: string | Uint8Array;
  /** The peer pinged and was answered. */
  ping: Uint8Array;
  pong: Uint8Array;
  /** After a `send` returned `false`, or when what was sent in a tick was above `highWaterBytes`: there is room again. */
  drain: undefined;
  /** The socket is gone. Exactly once, and the last event. */
  closed: ClosedEvent;
}

/** One slot for each event. */
export class ConnectionListeners implements Record<keyof ConnectionEvents, unknown> {
  readonly message: ListenerSlot<ConnectionEvents['message']> = new ListenerSlot();
  readonly ping: ListenerSlot<ConnectionEvents['ping']> = new ListenerSlot();
  readonly pong: ListenerSlot<ConnectionEvents['pong']> = new ListenerSlot();
  readonly drain: ListenerSlot<ConnectionEvents['drain']> = new ListenerSlot();
  readonly closed: ListenerSlot<ConnectionEvents['closed']> = new ListenerSlot();
}
