import { MAX_EVENT_ID_LENGTH, MAX_KEY_LENGTH, MAX_PATH_LENGTH } from './limits.ts';

/** Whether the fields of a message are as many, and of the types and ranges, as its type has them. */
export type Shape = (fields: readonly unknown[]) => boolean;

/** Shapes by their types: those that one end takes, and a dense array of 48, so that the look-up neither hashes nor meets a prototype. */
export type Shapes = Array<Shape | undefined>;

export function createShapes(byType: Readonly<Record<number, Shape>>): Shapes {
  return Object.assign(new Array<Shape | undefined>(48).fill(undefined), byType);
}

/** How many fields a message has before and with its optional value and metadata. */
export const holds = (fields: readonly unknown[], fixed: number): boolean =>
  fields.length >= fixed && fields.length <= fixed + 2;
/** The counter must stay exact, and 0 is never used. */
export const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
export const isText = (value: unknown, max: number): boolean => typeof value === 'string' && value.length <= max;
export const isPath = (value: unknown): boolean => isText(value, MAX_PATH_LENGTH);
export const isKey = (value: unknown): boolean => value === null || (value !== '' && isText(value, MAX_KEY_LENGTH));
export const isEventId = (value: unknown): boolean => isText(value, MAX_EVENT_ID_LENGTH);
export const isTag = (value: unknown): boolean => isCount(value) && (value as number) <= 0xffff_ffff;
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** About a call or a topic, with `fixed` fields before its optional value. */
export const withValue =
  (fixed: number): Shape =>
  (m) =>
    holds(m, fixed) && isId(m[1]);
/** Nothing but its type. */
export const bare: Shape = (m) => m.length === 1;
/** An id and nothing else. */
export const idAlone: Shape = (m) => m.length === 2 && isId(m[1]);
/** For an id, a number of items from 1. */
export const idAndCredit: Shape = (m) => m.length === 3 && isId(m[1]) && isId(m[2]);
