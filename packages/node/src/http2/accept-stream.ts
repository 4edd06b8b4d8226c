import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type ConnectHead, createHeaderMap, readConnectRequest } from '@typewire/frame';
import { answerUpgrade, readRequest } from '../answer-upgrade.ts';
import type { WebSocketConnection } from '../connection.ts';
import { PendingHandshake } from '../pending-handshake.ts';
import {
  createUpgradePolicy,
  type IncomingUpgrade,
  type UpgradeOptions,
  type UpgradePolicy,
} from '../upgrade-options.ts';
import { Http2Answer } from './http2-answer.ts';

/** Whether a stream asks for a WebSocket. RFC 8441 §4. */
export function asksForWebSocket(headers: IncomingHttpHeaders): boolean {
  return headers[':method'] === 'CONNECT' && headers[':protocol'] === 'websocket';
}

/**
 * Answers one stream of a `node:http2` server whose `:method` is `CONNECT` and whose `:protocol` is `websocket`, as
 * `acceptUpgrade` answers an `upgrade` event. The server must say that it takes these: `enableConnectProtocol` in its
 * settings.
 *
 * @param rawHeaders the third argument of the event `stream`, after the flags.
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function acceptStream(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  options: UpgradeOptions = {},
): Promise<WebSocketConnection | null> {
  const policy = createUpgradePolicy(options);
  return new Promise((resolve) => {
    answerStream({ stream, rawHeaders }, policy, resolve, () => resolve(null));
  });
}

/** What of a `stream` event is needed. */
export interface StreamEvent {
  readonly stream: ServerHttp2Stream;
  readonly rawHeaders: readonly string[];
}

/**
 * `acceptStream` with callbacks.
 *
 * @internal
 */
export function answerStream(
  { stream, rawHeaders }: StreamEvent,
  policy: UpgradePolicy,
  onConnection: (connection: WebSocketConnection, request: IncomingUpgrade) => void,
  onEnded: () => void = () => {},
): void {
  const pending = new PendingHandshake(stream, new Http2Answer(stream), policy, onEnded);
  if (pending.isSettled) return;
  const request = readRequest(readConnectRequest(connectHead(rawHeaders)), pending);
  if (request === null) return;
  void answerUpgrade({ pending, request, rest: new Uint8Array(), message: null }, policy, onConnection);
}

/** From the raw headers, because the others join or drop repeated ones. */
function connectHead(rawHeaders: readonly string[]): ConnectHead {
  const pairs: [string, string][] = [];
  const pseudo = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (name.startsWith(':')) pseudo.set(name, value);
    else pairs.push([name, value]);
  }
  return {
    scheme: pseudo.get(':scheme'),
    authority: pseudo.get(':authority'),
    path: pseudo.get(':path'),
    headers: createHeaderMap(pairs),
  };
}
