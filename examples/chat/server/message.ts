import { z } from 'zod';

/** One message of a room, as everybody in it receives it. */
export const Message = z.object({
  /** Chosen by its writer: sending again after a doubtful failure never shows a message twice. */
  id: z.string(),
  from: z.string(),
  text: z.string(),
  at: z.date(),
});

export type Message = z.output<typeof Message>;
