import { z } from 'zod';

/** Logs of a device that may be read, by name: which file that is the device knows alone. */
export const LOGS = ['device', 'system'] as const;

/**
 * All that can be run on a device. Each is a name with bounded arguments, and none of them ever reaches a shell: what is not
 * here cannot be asked for, and what comes is checked twice, by the server and by the device.
 */
export const Command = z.discriminatedUnion('name', [
  z.object({ name: z.literal('uptime') }),
  z.object({ name: z.literal('disk') }),
  z.object({ name: z.literal('tail'), log: z.literal(LOGS), lines: z.number().int().min(0).max(200) }),
  z.object({
    name: z.literal('count'),
    to: z.number().int().min(1).max(10_000),
    everyMs: z.number().int().min(20).max(5_000),
  }),
]);
export type Command = z.output<typeof Command>;

/** A line of what a command prints. */
export const Line = z.object({ text: z.string().max(2_000), at: z.date() });
export type Line = z.output<typeof Line>;

/** What a device says of itself while it is there. */
export const DeviceState = z.object({
  platform: z.string().max(100),
  commands: z.array(z.enum(['uptime', 'disk', 'tail', 'count'])).max(4),
  /** Commands it is running. */
  running: z.number().int().min(0),
});
export type DeviceState = z.output<typeof DeviceState>;

/** Why a device takes no further command. */
export const Busy = z.object({ running: z.number(), max: z.number() });
export type Busy = z.output<typeof Busy>;
