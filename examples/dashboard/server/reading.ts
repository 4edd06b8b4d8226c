import { z } from 'zod';

/** What a machine tells of itself, ten times a second. */
export const Reading = z.object({
  machine: z.number().int(),
  /** Share of what it can do, 0 to 1. */
  load: z.number(),
  /** In °C. */
  heat: z.number(),
  at: z.number(),
});

export type Reading = z.output<typeof Reading>;

export const MACHINES = 100;
