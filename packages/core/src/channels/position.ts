import type { PositionFields } from '../message/messages.ts';
import { isCount, isTag, isText } from '../message/shape.ts';

/**
 * How far a topic's log has been read. The epoch changes when the log is lost; the offset grows by one with each
 * event; the tag is random per event, so that a log which lost its tail and went on differently is recognised.
 * Offset 0 with tag 0 is the beginning of an epoch. protocol: "Channels".
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
  readonly tag: number;
}

export function isPositionFields(value: unknown): value is PositionFields {
  return Array.isArray(value) && value.length === 3 && isText(value[0], 64) && isCount(value[1]) && isTag(value[2]);
}

export function readPosition([epoch, offset, tag]: PositionFields): Position {
  return { epoch, offset, tag };
}
