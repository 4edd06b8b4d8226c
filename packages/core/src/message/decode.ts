import { ProtocolError } from '../errors.ts';
import { flawOf } from './flaw.ts';
import { MAX_BATCH } from './limits.ts';
import type { Message } from './messages.ts';
import { MESSAGE_DEPTH } from './plain-json.ts';
import type { Shapes } from './shape.ts';

/**
 * Reads one WebSocket text message: a single message, or a batch of them. Shapes, ranges and nesting are checked;
 * values inside stay as parsed until `decodeValue` revives them. Without a shape a type is unknown.
 *
 * @throws {ProtocolError} `MALFORMED` or `UNKNOWN_MESSAGE`; nothing has been delivered then.
 */
export function decodeMessages(text: string, shapes: Shapes): Message | readonly Message[] {
  const parsed = parseArray(text);
  if (!Array.isArray(parsed[0])) return checkMessage(parsed, shapes);
  if (parsed.length > MAX_BATCH) throw malformed(`a batch of more than ${MAX_BATCH} messages`);
  for (const item of parsed) {
    if (!Array.isArray(item)) throw malformed('a batch holds something that is not a message');
    checkMessage(item, shapes);
  }
  return parsed as readonly Message[];
}

/** Tells one message from a batch. */
export function isBatch(decoded: Message | readonly Message[]): decoded is readonly Message[] {
  return typeof decoded[0] !== 'number';
}

/**
 * Of what was parsed the nesting is looked at, at a sixth of what it costs to scan text for it; long text of somebody unknown
 * is for `checkNesting` first.
 *
 * @throws {ProtocolError} unless it is an array of something, and neither nests too deep nor has a forbidden key.
 */
export function parseArray(text: string): readonly unknown[] {
  const parsed = parse(text);
  if (!Array.isArray(parsed) || parsed.length === 0) throw malformed('not an array');
  const flaw = flawOf(parsed, MESSAGE_DEPTH);
  if (flaw !== null) throw malformed(`a value is not taken: ${flaw}`);
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
export function checkMessage(fields: readonly unknown[], shapes: Shapes): Message {
  const type = fields[0];
  // Only a number is printed: turning a peer's object into text would run what it calls `toString`.
  if (typeof type !== 'number') throw new ProtocolError('UNKNOWN_MESSAGE', `a message type that is a ${typeof type}`);
  const check = shapes[type];
  if (check === undefined) throw new ProtocolError('UNKNOWN_MESSAGE', `message type ${type}`);
  if (!check(fields)) throw malformed(`the fields of message type ${type}`);
  return fields as Message;
}

/** Whether a message holds both a value and metadata: it would be one without the two, and not with one more. */
export function endsWithMetadata(message: Message, shapes: Shapes): boolean {
  const check = shapes[message[0]];
  return check?.(message.slice(0, -2)) === true && !check([...message, null]);
}

export function malformed(what: string): ProtocolError {
  return new ProtocolError('MALFORMED', what);
}
