import { hostname, release, type } from 'node:os';
import { type Client, createClient } from '@typewire/client';
import type { Api } from '../server/api.ts';
import { execute } from './commands/execute.ts';
import { Journal } from './journal.ts';

/** Commands a device runs at once; it refuses one more. */
const MAX_RUNNING = 3;

export interface DeviceOptions {
  readonly url: string;
  readonly token: string;
}

/** A device: it is present while it has a connection, and runs what it is asked to, as far as it knows the name. */
export function startDevice({ url, token }: DeviceOptions): Client<Api> {
  const journal = new Journal(`${hostname()}-${token.slice(-6)}`);
  let running = 0;

  const wire = createClient<Api>({
    url: new URL('/wire', url).href,
    auth: { token },
    handlers: {
      async *run(command, { signal, fail }) {
        if (running >= MAX_RUNNING) throw fail('BUSY', { running, max: MAX_RUNNING }, 'this device has enough to do');
        const label = JSON.stringify(command);
        journal.write(`begins ${label}`);
        report(1);
        try {
          const args = { signal, journal, notFound: (text: string) => fail('NOT_FOUND', text) };
          for await (const text of execute(command, args)) yield { text, at: new Date() };
        } finally {
          // However it ended: done, failed, cancelled by the operator, or left because nobody can be reached any more.
          journal.write(`${signal.aborted ? 'cancelled' : 'done'} ${label}`);
          report(-1);
        }
      },
    },
  });

  const devices = wire.api.devices.subscribe();
  const platform = `${type()} ${release()}`;
  function report(change: number): void {
    running += change;
    devices.presence.update({ platform, commands: ['uptime', 'disk', 'tail', 'count'], running });
  }
  report(0);
  let connection = '';
  wire.on('status', ({ state }) => {
    // It changes with each measured latency, too.
    if (state !== connection) journal.write(`connection ${state}`);
    connection = state;
  });
  return wire;
}
