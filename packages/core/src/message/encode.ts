import type { Position } from '../channels/position.ts';
import { type EncodedMessage, type EncodedValue, joinMessage } from './binary.ts';
import {
  type HelloOptions,
  MessageType,
  PROTOCOL_VERSION,
  type PublishFields,
  type SubscribeOutcome,
  type WelcomeOptions,
} from './messages.ts';

// Messages are joined from text rather than stringified as arrays: the value inside is stringified exactly once, and
// an event's text is built once for all its subscribers. `value` is always what `encodeValue` returned.

export const PING: string = `[${MessageType.Ping}]`;
export const PONG: string = `[${MessageType.Pong}]`;
export const AUTHENTICATED: string = `[${MessageType.Authenticated}]`;

export function encodeHello(options: HelloOptions, auth: string): string {
  return `[${MessageType.Hello},${PROTOCOL_VERSION},${JSON.stringify(options)}${auth}]`;
}

export function encodeWelcome(session: string, options: WelcomeOptions): string {
  return `[${MessageType.Welcome},${JSON.stringify(session)},${JSON.stringify(options)}]`;
}

/** `count` messages of this session have arrived. */
export function encodeAck(count: number): string {
  return `[${MessageType.Ack},${count}]`;
}

/** The session ends in `endsInMs` unless it is renewed; `failed` answers an `auth` that came to nothing. */
export function encodeRenew(endsInMs: number, failed: boolean): string {
  return `[${MessageType.Renew},${endsInMs},${failed}]`;
}

export function encodeAuth(auth: string): string {
  return `[${MessageType.Auth}${auth}]`;
}

/** `retryAfterMs` 0 leaves the delay to the client. */
export function encodeLeave(code: number, retryAfterMs: number): string {
  return `[${MessageType.Leave},${code},${retryAfterMs}]`;
}

/** `path` is JSON text, so that a client can keep it encoded per procedure; `timeoutMs` 0 means none. */
export function encodeCall(id: number, path: string, timeoutMs: number, value: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Call},${id},${path},${timeoutMs}`, value);
}

/** `key` is JSON text. */
export function encodeMutate(
  id: number,
  path: string,
  timeoutMs: number,
  key: string,
  value: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.Mutate},${id},${path},${timeoutMs},${key}`, value);
}

/** `lastEventId` is JSON text, of a string or `null`. */
export function encodeOpen(
  id: number,
  path: string,
  timeoutMs: number,
  credit: number,
  lastEventId: string,
  value: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.Open},${id},${path},${timeoutMs},${credit},${lastEventId}`, value);
}

/** `credit` is `null` for an upload that is answered once. */
export function encodeUpload(
  id: number,
  path: string,
  timeoutMs: number,
  credit: number | null,
  value: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.Upload},${id},${path},${timeoutMs},${credit}`, value);
}

export function encodeResult(id: number, value: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Result},${id}`, value);
}

export function encodeError(id: number, code: string, message: string, data: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Error},${id},${JSON.stringify(code)},${JSON.stringify(message)}`, data);
}

export function encodeCancel(id: number): string {
  return `[${MessageType.Cancel},${id}]`;
}

export function encodeItem(id: number, value: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Item},${id}`, value);
}

export function encodeEnd(id: number): string {
  return `[${MessageType.End},${id}]`;
}

export function encodeTracked(id: number, eventId: string, value: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Tracked},${id},${JSON.stringify(eventId)}`, value);
}

export function encodeCredit(id: number, credit: number): string {
  return `[${MessageType.Credit},${id},${credit}]`;
}

export function encodeChunk(id: number, value: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Chunk},${id}`, value);
}

export function encodeFinish(id: number): string {
  return `[${MessageType.Finish},${id}]`;
}

export function encodeAbort(id: number, message: string): string {
  return `[${MessageType.Abort},${id},${JSON.stringify(message)}]`;
}

export function encodeGrant(id: number, credit: number): string {
  return `[${MessageType.Grant},${id},${credit}]`;
}

export function encodeStop(id: number): string {
  return `[${MessageType.Stop},${id}]`;
}

/** `path` is JSON text, as in {@link encodeCall}. */
export function encodeSubscribe(
  id: number,
  path: string,
  position: Position | null,
  rewind: number,
  params: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.Subscribe},${id},${path},${encodePosition(position)},${rewind}`, params);
}

export function encodeSubscribed(
  id: number,
  topic: number,
  position: Position,
  outcome: SubscribeOutcome,
  snapshot: EncodedValue = '',
): EncodedMessage {
  return closeMessage(`[${MessageType.Subscribed},${id},${topic},${encodePosition(position)},"${outcome}"`, snapshot);
}

export function encodeUnsubscribe(topic: number): string {
  return `[${MessageType.Unsubscribe},${topic}]`;
}

export function encodeEvent(topic: number, offset: number, tag: number, event: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Event},${topic},${offset},${tag}`, event);
}

export function encodeEnded(topic: number, code: string, message: string, data: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Ended},${topic},${JSON.stringify(code)},${JSON.stringify(message)}`, data);
}

/** `count` is how many events were lost, or `null` where that is not known. */
export function encodeGap(topic: number, position: Position, count: number | null): string {
  const known = count === null ? '' : `,${count}`;
  return `[${MessageType.Gap},${topic},${encodePosition(position)}${known}]`;
}

export function encodeSkip(topic: number, offset: number, tag: number): string {
  return `[${MessageType.Skip},${topic},${offset},${tag}]`;
}

/** `path` and `params` are JSON text. */
export function encodePublish(
  id: number,
  path: string,
  params: string,
  options: PublishFields | null,
  event: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.Publish},${id},${path},${params},${JSON.stringify(options)}`, event);
}

/** Closes a message with the value it carries. */
export function closeMessage(head: string, value: EncodedValue): EncodedMessage {
  return typeof value === 'string' ? `${head}${value}]` : joinMessage(head, value);
}

export function encodePosition(position: Position | null): string {
  return position === null ? 'null' : `[${JSON.stringify(position.epoch)},${position.offset},${position.tag}]`;
}
