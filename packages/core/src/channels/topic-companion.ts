import type { PresenceMessage, StandingMessage } from '../message/presence.ts';

/** What goes along with a topic besides its events. */
export interface TopicCompanion {
  /** The topic is followed under a number, on a new session or anew: the server knows of nothing that was asked before. */
  opened(topic: number): void;
  /** The topic is not followed: until it is opened again, or for good. */
  lost(): void;
  /** @throws {ProtocolError} for a state that cannot be revived. */
  receive(message: PresenceMessage | StandingMessage): void;
}
