import { listen, type WebSocketListener } from '@typewire/node';
import { echo, echoCompression, echoLimits } from './echo-limits.ts';

/** Serves the echo on every path, for every origin; port 0 takes any free one. */
export async function startEchoServer(options: { port: number; host: string }): Promise<WebSocketListener> {
  const listener = await listen({
    ...echoLimits,
    ...options,
    perMessageDeflate: echoCompression,
    origins: 'any',
    missingOrigin: 'allow',
  });
  listener.on('connection', echo);
  return listener;
}
