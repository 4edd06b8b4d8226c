import { isPositionFields } from '../channels/position.ts';
import { ProtocolError } from '../errors.ts';
import { MAX_BATCH, MAX_EVENT_ID_LENGTH, MAX_KEY_LENGTH, MAX_PATH_LENGTH } from './limits.ts';
import { isOutcome, isSessionOutcome, type Message, MessageType } from './messages.ts';
import { isNestedWithin } from './nesting.ts';
import { MAX_DEPTH } from './plain-json.ts';
import { isMode, isPresence, isStanding } from './presence.ts';
import { hasForbiddenKey, mayHoldForbiddenKey } from './value.ts';

/**
 * Reads one WebSocket text message: a single message, or a batch of them. Shapes, ranges and nesting are checked;
 * values inside stay as parsed until `decodeValue` revives them.
 *
 * @throws {ProtocolError} `MALFORMED` or `UNKNOWN_MESSAGE`; nothing has been delivered then.
 */
export function decodeMessages(text: string): Message | readonly Message[] {
  const parsed = parseArray(text);
  if (!Array.isArray(parsed[0])) return checkMessage(parsed);
  if (parsed.length > MAX_BATCH) throw malformed(`a batch of more than ${MAX_BATCH} messages`);
  for (const item of parsed) {
    if (!Array.isArray(item)) throw malformed('a batch holds something that is not a message');
    checkMessage(item);
  }
  return parsed as readonly Message[];
}

/** Tells one message from a batch. */
export function isBatch(decoded: Message | readonly Message[]): decoded is readonly Message[] {
  return typeof decoded[0] !== 'number';
}

/** @throws {ProtocolError} unless it is an array of something, and neither nests too deep nor has a forbidden key. */
export function parseArray(text: string): readonly unknown[] {
  // Two levels are the message and its batch or header; the rest is the value's.
  if (!isNestedWithin(text, MAX_DEPTH + 2)) throw malformed(`nested more than ${MAX_DEPTH} levels deep`);
  const parsed = parse(text);
  if (!Array.isArray(parsed) || parsed.length === 0) throw malformed('not an array');
  if (mayHoldForbiddenKey(text) && hasForbiddenKey(parsed)) throw malformed('an object has a forbidden key');
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
}

/** @throws {ProtocolError} unless the fields are those of a message. */
export function checkMessage(fields: readonly unknown[]): Message {
  const type = fields[0];
  // Only a number is printed: turning a peer's object into text would run what it calls `toString`.
  if (typeof type !== 'number') throw new ProtocolError('UNKNOWN_MESSAGE', `a message type that is a ${typeof type}`);
  const check = shapes[type];
  if (check === undefined) throw new ProtocolError('UNKNOWN_MESSAGE', `message type ${type}`);
  if (!check(fields)) throw malformed(`the fields of message type ${type}`);
  return fields as Message;
}

/** Whether a message holds both a value and metadata: it would be one without the two, and not with one more. */
export function endsWithMetadata(message: Message): boolean {
  const check = shapes[message[0]];
  return check?.(message.slice(0, -2)) === true && !check([...message, null]);
}

type Shape = (fields: readonly unknown[]) => boolean;

/** How many fields a message has before and with its optional value and metadata. */
const holds = (fields: readonly unknown[], fixed: number): boolean =>
  fields.length >= fixed && fields.length <= fixed + 2;
/** The counter must stay exact, and 0 is never used. */
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown, max: number): boolean => typeof value === 'string' && value.length <= max;
const isPath = (value: unknown): boolean => isText(value, MAX_PATH_LENGTH);
const isKey = (value: unknown): boolean => value === null || (value !== '' && isText(value, MAX_KEY_LENGTH));
const isEventId = (value: unknown): boolean => isText(value, MAX_EVENT_ID_LENGTH);
const isTag = (value: unknown): boolean => isCount(value) && (value as number) <= 0xffff_ffff;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isPublishFields(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { key, exclude } = value;
  return (key === undefined || (key !== null && isKey(key))) && (exclude === undefined || typeof exclude === 'boolean');
}

function isHelloOptions(value: unknown): boolean {
  if (!isRecord(value) || typeof value['control'] !== 'boolean') return false;
  const { client, resume } = value;
  if (client !== undefined && (client === '' || !isText(client, 64))) return false;
  return (
    resume === undefined ||
    (Array.isArray(resume) &&
      resume.length === 3 &&
      isText(resume[0], 64) &&
      isText(resume[1], 64) &&
      isCount(resume[2]))
  );
}

function isWelcomeOptions(value: unknown): boolean {
  return (
    isRecord(value) &&
    isSessionOutcome(value['outcome']) &&
    isText(value['token'], 64) &&
    isCount(value['received']) &&
    isCount(value['resumableMs']) &&
    isCount(value['heartbeatIntervalMs']) &&
    isCount(value['heartbeatTimeoutMs']) &&
    isCount(value['maxMessageBytes']) &&
    isCount(value['maxSubscriptions'])
  );
}

/** One shape for each type; a dense array, so that the look-up neither hashes nor meets a prototype. */
const shapes: ReadonlyArray<Shape | undefined> = createShapes({
  [MessageType.Hello]: (m) => holds(m, 3) && isCount(m[1]) && isHelloOptions(m[2]),
  [MessageType.Welcome]: (m) => m.length === 3 && isText(m[1], 64) && isWelcomeOptions(m[2]),
  [MessageType.Ack]: (m) => m.length === 2 && isCount(m[1]),
  [MessageType.Renew]: (m) => m.length === 3 && isCount(m[1]) && typeof m[2] === 'boolean',
  [MessageType.Auth]: (m) => holds(m, 1),
  [MessageType.Authenticated]: (m) => m.length === 1,
  [MessageType.Leave]: (m) => m.length === 3 && isCount(m[1]) && isCount(m[2]),
  [MessageType.Ping]: (m) => m.length === 1,
  [MessageType.Pong]: (m) => m.length === 1,
  [MessageType.Call]: (m) => holds(m, 4) && isId(m[1]) && isPath(m[2]) && isCount(m[3]),
  [MessageType.Result]: (m) => holds(m, 2) && isId(m[1]),
  [MessageType.Error]: (m) => holds(m, 4) && isId(m[1]) && isText(m[2], 255) && typeof m[3] === 'string',
  [MessageType.Cancel]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Open]: (m) =>
    holds(m, 6) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && isCount(m[4]) && (m[5] === null || isEventId(m[5])),
  [MessageType.Item]: (m) => holds(m, 2) && isId(m[1]),
  [MessageType.End]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Credit]: (m) => m.length === 3 && isId(m[1]) && isId(m[2]),
  [MessageType.Mutate]: (m) => holds(m, 5) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && isKey(m[4]),
  [MessageType.Chunk]: (m) => holds(m, 2) && isId(m[1]),
  [MessageType.Finish]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Abort]: (m) => m.length === 3 && isId(m[1]) && typeof m[2] === 'string',
  [MessageType.Grant]: (m) => m.length === 3 && isId(m[1]) && isId(m[2]),
  [MessageType.Stop]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Tracked]: (m) => holds(m, 3) && isId(m[1]) && isEventId(m[2]),
  [MessageType.Upload]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && (m[4] === null || isCount(m[4])),
  [MessageType.Subscribe]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[3] === null || isPositionFields(m[3])) && isCount(m[4]),
  [MessageType.Subscribed]: (m) => holds(m, 5) && isId(m[1]) && isId(m[2]) && isPositionFields(m[3]) && isOutcome(m[4]),
  [MessageType.Unsubscribe]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Event]: (m) => holds(m, 4) && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
  [MessageType.Ended]: (m) => holds(m, 4) && isId(m[1]) && isText(m[2], 255) && typeof m[3] === 'string',
  [MessageType.Gap]: (m) =>
    (m.length === 3 || (m.length === 4 && isCount(m[3]))) && isId(m[1]) && isPositionFields(m[2]),
  [MessageType.History]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[3] === null || isPositionFields(m[3])) && isCount(m[4]),
  [MessageType.Past]: (m) => holds(m, 4) && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
  [MessageType.Watch]: (m) => m.length === 3 && isId(m[1]) && isMode(m[2]),
  [MessageType.Presence]: (m) => isId(m[1]) && isPresence(m),
  [MessageType.Enter]: (m) => holds(m, 2) && isId(m[1]),
  [MessageType.Exit]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Standing]: (m) => isId(m[1]) && isStanding(m),
  [MessageType.Skip]: (m) => m.length === 4 && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
  [MessageType.Publish]: (m) => holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[4] === null || isPublishFields(m[4])),
});

function createShapes(byType: Readonly<Record<MessageType, Shape>>): Array<Shape | undefined> {
  const table = new Array<Shape | undefined>(48).fill(undefined);
  for (const [type, shape] of Object.entries(byType)) table[Number(type)] = shape;
  return table;
}

export function malformed(what: string): ProtocolError {
  return new ProtocolError('MALFORMED', what);
}
