/** Failures of a call that need no declaration in the contract. */
export type CallErrorCode =
  /** The deadline passed. With `delivery: 'unknown'` the handler may have run. */
  | 'TIMEOUT'
  /** The caller's `AbortSignal` fired, or it left the stream. */
  | 'ABORTED'
  /** The connection was lost or closed before an answer came. */
  | 'DISCONNECTED'
  /** A Blob in what was to be sent could not be read; the `cause` says why. */
  | 'UNREADABLE'
  /** More was waiting for a connection than `maxQueueBytes` allows. */
  | 'QUEUE_FULL'
  /** The input, parameters or event did not pass their schema; `data` is {@link ValidationIssue}[]. */
  | 'INVALID_INPUT'
  /** A client answered the server with what the schema of its procedure refuses; `data` is {@link ValidationIssue}[]. */
  | 'INVALID_OUTPUT'
  /** No such procedure or channel. */
  | 'NOT_FOUND'
  /** Not signed in. */
  | 'UNAUTHORIZED'
  /** Signed in, but not allowed. */
  | 'FORBIDDEN'
  /** The state of things does not allow this now. */
  | 'CONFLICT'
  /** The call ran before, with the same idempotency key, and what came of it is no longer there. */
  | 'RESULT_GONE'
  /** A limit of the server; the message names its option. */
  | 'LIMIT_EXCEEDED'
  /** The broker of a channel does not answer. A publication has `delivery: 'unknown'`: it may be in the log all the same. */
  | 'UNAVAILABLE'
  /** The server failed. `data.id` is what its `onError` hook saw together with the cause. */
  | 'INTERNAL';

/**
 * Whether the handler ran: `'not-sent'` it did not, `'answered'` the server itself said so, `'unknown'` it may have.
 * After `'unknown'` repeat only what is safe to repeat.
 */
export type Delivery = 'not-sent' | 'answered' | 'unknown';

/** One thing a schema found wrong, as sent to the caller. */
export interface ValidationIssue {
  readonly message: string;
  /** Keys and indices from the root of the value. */
  readonly path: ReadonlyArray<string | number>;
}

export interface CallErrorDetails<Data> extends ErrorOptions {
  readonly data: Data;
  readonly delivery: Delivery;
}

/** A call, a stream or a subscription failed. Switch on `code`: `message` is for people and may change. */
export class CallError<Code extends string = string, Data = unknown> extends Error {
  override readonly name = 'CallError';
  readonly code: Code;
  readonly data: Data;
  readonly delivery: Delivery;

  constructor(code: Code, message: string, details: CallErrorDetails<Data>) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.data = details.data;
    this.delivery = details.delivery;
  }
}

/** What a call fails with for a reason of this end, which has no data. */
export function callFailure<Code extends string>(
  code: Code,
  message: string,
  delivery: Delivery,
  cause?: unknown,
): CallError<Code, undefined> {
  return new CallError(code, message, { data: undefined, delivery, cause });
}

/** Use this, not `instanceof CallError`, which fails when two copies of the package are installed. */
export function isCallError(value: unknown): value is CallError {
  return value instanceof Error && value.name === 'CallError';
}

export type UsageErrorCode = 'BAD_OPTION' | 'BAD_CONTRACT' | 'ALREADY_CLOSED' | 'UNSERIALIZABLE';

/** The program itself is wrong; thrown at once, never retried, never sent to a peer. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageErrorCode;

  constructor(code: UsageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The peer broke the protocol. It sees only a close code; the message is for this end's log. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: 'MALFORMED' | 'UNKNOWN_MESSAGE' | 'VERSION' | 'TOO_BIG';

  constructor(code: ProtocolError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
