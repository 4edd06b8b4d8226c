import { typewire, type Wire } from '@typewire/server';
import { z } from 'zod';
import { Busy, Command, DeviceState } from '../shared/command.ts';
import { deviceContract } from '../shared/device-contract.ts';
import { subjectOf } from './authenticate.ts';
import { runOnDevice } from './run-on-device.ts';
import type { Identity } from './tokens.ts';

/** What `authenticate` found out about a connection; every handler and rule gets it as `ctx`. */
export interface Context {
  readonly identity: Identity;
}

/** The clients of a subject, with what can be called of them. */
export type FindDevices = Wire<typeof deviceContract>['callers'];

const t = typewire<Context>().caller(deviceContract);

/** Whatever is built on it runs for operators only: a device cannot command, itself included. */
const operator = t.use(({ ctx, next, fail }) => {
  if (ctx.identity.role !== 'operator') throw fail('FORBIDDEN', 'only operators run commands');
  return next({ operator: ctx.identity.name });
});

/** All there is to call and to follow. `findDevices` comes from the wire, which is made of this. */
export function createApi(findDevices: FindDevices) {
  /** The devices that are there: each is present with its state, and only operators see who is. Nothing is ever published. */
  const devices = t.channel({
    event: z.never(),
    presence: {
      state: DeviceState,
      enter: ({ ctx }) => ctx.identity.role === 'device',
      see: ({ ctx }) => ctx.identity.role === 'operator',
      graceMs: 2_000,
    },
    subscribe: () => true,
  });

  return t.router({
    devices,

    /** Who the caller is. */
    me: t.query(({ ctx }) => ctx.identity),

    /**
     * Runs a command on a device, and gives what it prints as it prints it. When the operator leaves the loop, loses the session
     * or closes the page, `signal` fires, and with it the signal of the handler on the device.
     */
    run: operator
      .input(z.object({ device: z.string().max(31), command: Command }))
      .errors({
        OFFLINE: z.object({ device: z.string() }),
        BUSY: Busy,
        BROKE_OFF: z.object({ reason: z.string() }),
      })
      .stream(async function* ({ input: { device, command }, signal, fail }) {
        const found = findDevices({ subject: subjectOf('device', device) }).at(-1);
        if (found === undefined) throw fail('OFFLINE', { device });
        yield* runOnDevice(found.run.stream(command, { signal }), fail);
      }),
  });
}

/** What clients import, as a type. */
export type Api = ReturnType<typeof createApi>;
