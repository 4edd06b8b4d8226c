import type { Position } from '../channels/position.ts';
import type { EncodedMessage, EncodedValue } from './binary.ts';
import { closeMessage, encodePosition } from './encode.ts';
import { MessageType, type PastMessage } from './messages.ts';
import { holds, isCount, isId, isTag, type Shape } from './shape.ts';

// The past of a topic, page by page. protocol: "History".

/** `path` is JSON text. */
export function encodeHistory(
  id: number,
  path: string,
  before: Position | null,
  limit: number,
  params: EncodedValue,
): EncodedMessage {
  return closeMessage(`[${MessageType.History},${id},${path},${encodePosition(before)},${limit}`, params);
}

export function encodePast(id: number, offset: number, tag: number, event: EncodedValue): EncodedMessage {
  return closeMessage(`[${MessageType.Past},${id},${offset},${tag}`, event);
}

/** What comes before the result of a `history`. */
export const pastShapes: Readonly<Record<PastMessage[0], Shape>> = {
  [MessageType.Past]: (m) => holds(m, 4) && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
};
