import { createWire } from '@typewire/server';
import { listen } from '@typewire/server/node';
import { Ledger } from './ledger.ts';
import type { ServerReply, ServerRequest } from './server-messages.ts';
import { declareService } from './service.ts';

// One server of the soak: a process of its own, so that it can be killed. Arguments: its number, and the ledger's path.
const [server = 0, path = ''] = [Number(process.argv[2]), process.argv[3]];
const ledger = new Ledger(path);
const service = declareService(server, (mutation) => ledger.note(['ran', mutation, server]));
const wire = createWire({
  router: service.router,
  heartbeat: { intervalMs: 400, timeoutMs: 300 },
  sessions: { resumableMs: 2_000 },
  onError: ({ error, path: where }) => reply({ type: 'error', text: `${where}: ${String(error)}` }),
});
const listening = await listen(wire, { host: '127.0.0.1', port: 0 });

let seq = 0;
const publishing = setInterval(() => {
  seq++;
  void wire.publish(service.kept(), { server, seq });
  void wire.publish(service.passing(), { server, seq });
}, 5);

process.on('message', async ({ type }: ServerRequest) => {
  switch (type) {
    case 'quiet':
      clearInterval(publishing);
      return reply({ type: 'quiet', seq });
    case 'state': {
      globalThis.gc?.();
      const { connections } = wire;
      const heapBytes = process.memoryUsage().heapUsed;
      const { running } = service.state;
      return reply({ type: 'state', state: { running, sessions: wire.sessions.count, connections, heapBytes } });
    }
    case 'drain':
      clearInterval(publishing);
      await wire.drain({ spreadMs: 200 });
      await listening.close();
      return process.exit();
  }
});
process.on('disconnect', () => process.exit());
reply({ type: 'ready', port: listening.port });

function reply(message: ServerReply): void {
  process.send?.(message);
}
