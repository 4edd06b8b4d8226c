import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createHeaderMap, HandshakeError, type RequestHead, readUpgradeRequest } from '@typewire/frame';
import { answerUpgrade, readRequest } from './answer-upgrade.ts';
import type { WebSocketConnection } from './connection.ts';
import { Http1Answer } from './handshake-answer.ts';
import { PendingHandshake } from './pending-handshake.ts';
import {
  createUpgradePolicy,
  type IncomingUpgrade,
  type UpgradeOptions,
  type UpgradePolicy,
} from './upgrade-options.ts';

// Node drops the headers above this number without a word, and one of them may be `Upgrade` or `Origin`.
const maxNodeHeaders = 1_000;

/**
 * Answers one `upgrade` event of a `node:http` or `node:https` server. Resolves to the connection, or to `null` after the
 * request was refused and the socket ended; `onRefused` is told why. Nothing that a peer does makes it reject. Attach
 * listeners as soon as it resolves: what the peer sends meanwhile is delivered after that turn.
 *
 * Call it synchronously in the event's listener: until then a reset of the socket is an unhandled error.
 *
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function acceptUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: UpgradeOptions = {},
): Promise<WebSocketConnection | null> {
  const policy = createUpgradePolicy(options);
  return new Promise((resolve) => {
    answerNodeRequest({ request, socket, head }, policy, resolve, () => resolve(null));
  });
}

/** The arguments of an `upgrade` event. */
export interface UpgradeEvent {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * `acceptUpgrade` with callbacks.
 *
 * @internal
 */
export function answerNodeRequest(
  event: UpgradeEvent,
  policy: UpgradePolicy,
  onConnection: (connection: WebSocketConnection, request: IncomingUpgrade) => void,
  onEnded: () => void = () => {},
): void {
  const pending = new PendingHandshake(event.socket, new Http1Answer(event.socket), policy, onEnded);
  if (pending.isSettled) return;
  if (event.request.rawHeaders.length >= 2 * maxNodeHeaders) {
    pending.refuse(new HandshakeError('TOO_MANY_HEADERS', 'The request has too many headers.', { status: 400 }));
    return;
  }
  const request = readRequest(readUpgradeRequest(requestHead(event.request)), pending);
  if (request === null) return;
  void answerUpgrade({ pending, request, rest: event.head, message: event.request }, policy, onConnection);
}

/**
 * From the raw headers, because `request.headers` hides repeated ones.
 *
 * @internal
 */
export function requestHead(request: IncomingMessage): RequestHead {
  const { rawHeaders } = request;
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    httpVersion: request.httpVersion,
    headers: createHeaderMap(pairs),
  };
}
