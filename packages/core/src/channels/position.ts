import type { PositionFields } from '../message/messages.ts';

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
  if (!Array.isArray(value) || value.length !== 3 || typeof value[0] !== 'string' || value[0].length > 64) return false;
  return isCount(value[1]) && isCount(value[2]) && value[2] <= 0xffff_ffff;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function readPosition([epoch, offset, tag]: PositionFields): Position {
  return { epoch, offset, tag };
}
