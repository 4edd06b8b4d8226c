import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import {
  acceptDeflate,
  type DeflateAcceptance,
  HandshakeError,
  type RequestHead,
  readUpgradeRequest,
  writeAcceptance,
  writeRefusal,
} from '@typewire/frame';
import { type CreateConnectionOptions, createConnection, type WebSocketConnection } from './connection.ts';
import { createMessageDeflate } from './deflate-options.ts';
import type { PendingHandshake } from './pending-handshake.ts';
import { sha1 } from './sha1.ts';
import type { IncomingUpgrade, UpgradePolicy, Verdict } from './upgrade-options.ts';

/** What is known when a request is answered. */
export interface UpgradeAttempt {
  readonly pending: PendingHandshake;
  readonly request: IncomingUpgrade;
  /** Bytes that came behind the request: the first frames. */
  readonly rest: Uint8Array;
  /** The request as Node's HTTP server gave it, if it did. */
  readonly message: IncomingMessage | null;
}

/** Checks a head against RFC 6455; if it fails, answers that and returns `null`. */
export function readRequest(head: RequestHead, pending: PendingHandshake): IncomingUpgrade | null {
  const read = readUpgradeRequest(head);
  if (!read.ok) {
    pending.refuse(read.error);
    return null;
  }
  const { socket } = pending;
  return { ...read.value, remoteAddress: socket instanceof Socket ? (socket.remoteAddress ?? null) : null, socket };
}

/**
 * Asks the policy and answers with 101 or a refusal. The connection is given to `onConnection` in the same turn in which
 * it is made, so that listeners attached there miss nothing. Rejects only with what `onConnection` throws.
 */
export async function answerUpgrade(
  attempt: UpgradeAttempt,
  policy: UpgradePolicy,
  onConnection: (connection: WebSocketConnection, request: IncomingUpgrade) => void,
): Promise<void> {
  const { pending, request, rest, message } = attempt;
  // While the application thinks, what arrives stays in the socket's own bounded buffer.
  pending.socket.pause();
  let refusal: HandshakeError | null;
  let protocol: string | null = null;
  let head = '';
  let deflate: DeflateAcceptance | null = null;
  try {
    const answer = policy.deflate === null ? null : acceptDeflate(request.headers, policy.deflate);
    if (answer?.ok) deflate = answer.value;
    refusal = answer?.ok === false ? answer.error : checkOrigin(request, policy);
    if (refusal === null) {
      refusal = checkVerdict(await policy.verify(request, pending.signal));
    }
    if (refusal === null) {
      protocol = policy.protocolFor(request);
      const headers = policy.headersFor(request);
      head = writeAcceptance(request, { sha1, protocol, extensions: deflate?.extensions ?? '', headers });
    }
  } catch (cause) {
    refusal = new HandshakeError('HOOK_FAILED', 'The server failed to handle the request.', { cause });
  }
  if (refusal !== null) {
    pending.refuse(refusal);
    return;
  }
  const connection = pending.accept(() => {
    pending.socket.write(head, 'latin1');
    return createConnection(pending.socket, {
      ...policy.connection,
      role: 'server',
      head: rest,
      protocol: protocol ?? '',
      ...deflateOf(deflate, policy),
      ...(message === null ? {} : { request: message }),
    });
  });
  if (connection === null) return;
  // We are in a promise reaction: reading goes on only after all others that are due, and with them `onConnection` of
  // whoever awaits the connection, have run.
  connection.resume();
  onConnection(connection, request);
}

function deflateOf(
  acceptance: DeflateAcceptance | null,
  { deflate }: UpgradePolicy,
): Pick<CreateConnectionOptions, 'extensions' | 'deflate'> {
  if (acceptance === null || deflate === null) return {};
  const { agreed, extensions } = acceptance;
  return { extensions, deflate: createMessageDeflate('server', agreed, deflate) };
}

function checkOrigin(request: IncomingUpgrade, policy: UpgradePolicy): HandshakeError | null {
  if (policy.isAllowedOrigin(request)) return null;
  return new HandshakeError('ORIGIN_REFUSED', policy.originRefusal(request));
}

/** Only `true` lets in; an answer that is none of the allowed ones throws and becomes `HOOK_FAILED`. */
function checkVerdict(verdict: Verdict): HandshakeError | null {
  if (verdict === true) return null;
  const { status, text = 'The server does not accept this connection.' } =
    verdict === false ? { status: 403 as const } : verdict;
  writeRefusal(status, text);
  return new HandshakeError('FORBIDDEN', text, { status });
}
