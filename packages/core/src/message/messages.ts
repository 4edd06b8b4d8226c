import type { EnterMessage, ExitMessage, PresenceMessage, StandingMessage, WatchMessage } from './presence.ts';

/**
 * The numbers that open every message. Control types bear RFC 6455's own numbers; session types are 0–7, calls
 * 16–31, channels 32–47. protocol: "Decisions", 5.
 */
export const MessageType = {
  Hello: 1,
  Welcome: 2,
  Ack: 3,
  Renew: 4,
  Auth: 5,
  Authenticated: 6,
  Leave: 8,
  Ping: 9,
  Pong: 10,
  Call: 16,
  Result: 17,
  Error: 18,
  Cancel: 19,
  Open: 20,
  Item: 21,
  End: 22,
  Credit: 23,
  Mutate: 24,
  Chunk: 25,
  Finish: 26,
  Abort: 27,
  Grant: 28,
  Stop: 29,
  Tracked: 30,
  Upload: 31,
  Subscribe: 32,
  Subscribed: 33,
  Unsubscribe: 34,
  Event: 35,
  Ended: 36,
  Gap: 37,
  Publish: 38,
  History: 39,
  Past: 40,
  Watch: 41,
  Presence: 42,
  Enter: 43,
  Exit: 44,
  Standing: 45,
  Skip: 46,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** The version of the protocol these messages belong to. */
export const PROTOCOL_VERSION = 1;

/**
 * A value closes the messages that carry one: absent for `undefined`, one field for plain JSON, two fields (value and
 * metadata) for everything else.
 */
type Value = [value?: unknown, meta?: unknown];

/** Where a topic stands: `[epoch, offset, tag]`. See `channels/position.ts`. */
export type PositionFields = [epoch: string, offset: number, tag: number];

export interface HelloOptions {
  /** Whether this client sees RFC 6455 pings. A browser's script does not. */
  readonly control: boolean;
  /** Unguessable name of this client, the same in each of its sessions: the scope of its idempotency keys. */
  readonly client?: string;
  /** The session to go on with, if the server still has it. */
  readonly resume?: ResumeFields | undefined;
}

/** A session to go on with: its name, its current token, and how many messages of the server have arrived. */
export type ResumeFields = readonly [session: string, token: string, received: number];

/**
 * What became of the session: `new` when none was to be resumed, `resumed`, `lost` when the server does not have it
 * (any more), `overflow` when it has, but not all of the messages that were missed.
 */
export type SessionOutcome = 'new' | 'resumed' | 'lost' | 'overflow';
const sessionOutcomes: readonly unknown[] = ['new', 'resumed', 'lost', 'overflow'] satisfies SessionOutcome[];
export function isSessionOutcome(value: unknown): value is SessionOutcome {
  return sessionOutcomes.includes(value);
}

export interface WelcomeOptions {
  readonly outcome: SessionOutcome;
  /** Proves that it is the same client which comes back; good for one time. */
  readonly token: string;
  /** Messages of the client the server has received in this session. */
  readonly received: number;
  /** How long the server keeps the session without a connection, in milliseconds; 0 does not. */
  readonly resumableMs: number;
  /** The server pings after this many milliseconds without traffic … */
  readonly heartbeatIntervalMs: number;
  /** … and gives up after this many more. */
  readonly heartbeatTimeoutMs: number;
  /** Largest message the server takes, in bytes. */
  readonly maxMessageBytes: number;
  /** Most subscriptions of one connection. */
  readonly maxSubscriptions: number;
}

/** How a subscription starts. */
export type SubscribeOutcome = 'fresh' | 'recovered' | 'gap';
const outcomes: ReadonlySet<unknown> = new Set<SubscribeOutcome>(['fresh', 'recovered', 'gap']);
export function isOutcome(value: unknown): value is SubscribeOutcome {
  return outcomes.has(value);
}

export type HelloMessage = [1, version: number, options: HelloOptions, ...auth: Value];
export type WelcomeMessage = [2, session: string, options: WelcomeOptions];
/** The peer has received `count` messages of this session, control and session types not counted. */
export type AckMessage = [3, count: number];
/** The session ends in `endsInMs` unless the client authenticates anew; `failed` answers an `auth` that came to nothing. */
export type RenewMessage = [4, endsInMs: number, failed: boolean];
export type AuthMessage = [5, ...auth: Value];
export type AuthenticatedMessage = [6];
export type LeaveMessage = [8, code: number, retryAfterMs: number];
export type PingMessage = [9];
export type PongMessage = [10];
export type CallMessage = [16, id: number, path: string, timeoutMs: number, ...input: Value];
/** `key` is `null` for a mutation that is never repeated. */
export type MutateMessage = [24, id: number, path: string, timeoutMs: number, key: string | null, ...input: Value];
export type ResultMessage = [17, id: number, ...output: Value];
export type ErrorMessage = [18, id: number, code: string, message: string, ...data: Value];
export type CancelMessage = [19, id: number];
export type OpenMessage = [
  20,
  id: number,
  path: string,
  timeoutMs: number,
  credit: number,
  lastEventId: string | null,
  ...input: Value,
];
export type ItemMessage = [21, id: number, ...item: Value];
export type EndMessage = [22, id: number];
export type CreditMessage = [23, id: number, credit: number];
export type ChunkMessage = [25, id: number, ...chunk: Value];
export type FinishMessage = [26, id: number];
export type AbortMessage = [27, id: number, message: string];
export type GrantMessage = [28, id: number, credit: number];
export type StopMessage = [29, id: number];
export type TrackedMessage = [30, id: number, eventId: string, ...item: Value];
/** `credit` is `null` for an upload that is answered once. */
export type UploadMessage = [31, id: number, path: string, timeoutMs: number, credit: number | null, ...input: Value];
export type SubscribeMessage = [
  32,
  id: number,
  path: string,
  position: PositionFields | null,
  rewind: number,
  ...params: Value,
];
export type SubscribedMessage = [
  33,
  id: number,
  topic: number,
  position: PositionFields,
  outcome: SubscribeOutcome,
  ...snapshot: Value,
];
export type UnsubscribeMessage = [34, topic: number];
export type EventMessage = [35, topic: number, offset: number, tag: number, ...event: Value];
export type EndedMessage = [36, topic: number, code: string, message: string, ...data: Value];
export type GapMessage = [37, topic: number, position: PositionFields, count?: number];
/** What comes before the position and has not been sent was left out on purpose. */
export type SkipMessage = [46, topic: number, offset: number, tag: number];
export type HistoryMessage = [
  39,
  id: number,
  path: string,
  before: PositionFields | null,
  limit: number,
  ...params: Value,
];
export type PastMessage = [40, id: number, offset: number, tag: number, ...event: Value];
/** What a publication asks for besides: to be known again by `key`, and not to come back to its own session. */
export interface PublishFields {
  readonly key?: string | undefined;
  readonly exclude?: boolean | undefined;
}
export type PublishMessage = [
  38,
  id: number,
  path: string,
  params: unknown,
  options: PublishFields | null,
  ...event: Value,
];

/** Messages of the control and session layers; every other one belongs to calls or channels. */
export type SessionMessage =
  | HelloMessage
  | WelcomeMessage
  | AckMessage
  | AuthenticationMessage
  | LeaveMessage
  | PingMessage
  | PongMessage;
/** How a session that is open goes on to prove who it is. */
export type AuthenticationMessage = RenewMessage | AuthMessage | AuthenticatedMessage;
/** Sent by whoever made a call, to whoever runs it. */
export type CallerMessage =
  | CallMessage
  | MutateMessage
  | OpenMessage
  | UploadMessage
  | CancelMessage
  | CreditMessage
  | ChunkMessage
  | FinishMessage
  | AbortMessage;
/** Sent by whoever runs a call, to whoever made it. */
export type CalleeMessage =
  | ResultMessage
  | ErrorMessage
  | ItemMessage
  | TrackedMessage
  | EndMessage
  | GrantMessage
  | StopMessage;
/** Sent by a client about channels. */
export type SubscriberMessage =
  | SubscribeMessage
  | UnsubscribeMessage
  | PublishMessage
  | HistoryMessage
  | PresenceRequest;
/** Sent by a client about who is present. */
export type PresenceRequest = WatchMessage | EnterMessage | ExitMessage;
/** Sent by a server about channels. */
export type ChannelMessage =
  | SubscribedMessage
  | EventMessage
  | EndedMessage
  | GapMessage
  | SkipMessage
  | PastMessage
  | PresenceMessage
  | StandingMessage;
export type Message = SessionMessage | CallerMessage | CalleeMessage | SubscriberMessage | ChannelMessage;
