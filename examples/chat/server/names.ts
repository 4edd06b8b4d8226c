import { z } from 'zod';

/** Name of a room: what can stand in an address without quoting. Short, because it becomes part of a topic's name. */
export const RoomName = z
  .string()
  .max(24)
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'letters, digits, - and _');

/** What a person is called; in this example it is also who they are. */
export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(24)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');
