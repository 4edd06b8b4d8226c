import { collectGarbage } from './collect-garbage.ts';
import type { ChildReply, ChildRequest } from './messages.ts';

/** Longer than any case may take: a child whose bench has vanished or hung still ends. */
const hardStopMs = 600_000;

export interface ChildRole {
  /** Resolves to the port. */
  start(params: unknown, port: number): Promise<number>;
  run(messages: number): Promise<{ messages: number; figures: Record<string, number> }>;
}

/** The request loop of a child process, whichever side it plays. */
export function runChild(role: ChildRole): void {
  setTimeout(() => process.exit(1), hardStopMs).unref();
  process.once('disconnect', () => process.exit(1));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  let cpuBefore = process.cpuUsage();

  const answer = async (request: ChildRequest): Promise<ChildReply> => {
    switch (request.type) {
      case 'start':
        return { type: 'ready', port: await role.start(request.params, request.port) };
      case 'run':
        return { type: 'done', ...(await role.run(request.messages)) };
      case 'cpu': {
        const spent = process.cpuUsage(cpuBefore);
        cpuBefore = process.cpuUsage();
        return { type: 'cpu', cpuUs: spent.user + spent.system, residentBytes: process.memoryUsage.rss() };
      }
      case 'collect':
        collectGarbage();
        return { type: 'collected', residentBytes: process.memoryUsage.rss() };
      case 'stop':
        // Open sockets are dropped on purpose: how a library says goodbye is not measured here.
        return process.exit(0);
    }
  };

  process.on('message', (request: ChildRequest) => {
    answer(request).then(reply, fail);
  });
}

function reply(message: ChildReply): void {
  process.send?.(message);
}

function fail(cause: unknown): void {
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  process.send?.({ type: 'failed', reason } satisfies ChildReply, undefined, undefined, () => process.exit(1));
}
