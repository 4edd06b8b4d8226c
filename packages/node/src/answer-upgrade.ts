import type { IncomingMessage } from 'node:http';
import {
  acceptDeflate,
  type DeflateAcceptance,
  HandshakeError,
  type HandshakeResult,
  refusalBody,
  type UpgradeRequest,
} from '@typewire/frame';
import { type CreateConnectionOptions, createConnection, type WebSocketConnection } from './connection.ts';
import { createMessageDeflate } from './deflate-options.ts';
import type { PendingHandshake } from './pending-handshake.ts';
import { remoteAddressOf } from './remote-address.ts';
import type { IncomingUpgrade, UpgradePolicy, Verdict } from './upgrade-options.ts';

/** What is known when a request is answered. */
export interface UpgradeAttempt {
  readonly pending: PendingHandshake;
  readonly request: IncomingUpgrade;
  /** Bytes that came behind the request: the first frames. There may be more when it is answered. */
  readonly rest: Uint8Array;
  /** The request as Node's HTTP server gave it, if it did. */
  readonly message: IncomingMessage | null;
}

/** Goes on with a head that is as it must be; answers any other, and returns `null`. */
export function readRequest(read: HandshakeResult<UpgradeRequest>, pending: PendingHandshake): IncomingUpgrade | null {
  if (!read.ok) {
    pending.refuse(read.error);
    return null;
  }
  const { socket } = pending;
  pending.request = Object.assign(read.value, { remoteAddress: remoteAddressOf(socket) ?? null, socket });
  return pending.request;
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
  const { pending, request, message } = attempt;
  // While the application thinks, what arrives stays in the socket's own bounded buffer.
  pending.socket.pause();
  let refusal: HandshakeError | null;
  let protocol: string | null = null;
  let sayYes = (): void => {};
  let deflate: DeflateAcceptance | null = null;
  try {
    const answer = policy.deflate === null ? null : acceptDeflate(request.headers, policy.deflate);
    if (answer?.ok) deflate = answer.value;
    refusal = answer?.ok === false ? answer.error : checkOrigin(request, policy);
    if (refusal === null) {
      refusal = checkVerdict(await (policy.verify === null || policy.verify(request, pending.signal)));
    }
    if (refusal === null) {
      protocol = policy.protocolFor(request);
      const headers = policy.headersFor(request);
      sayYes = pending.answer.accepting(request, { protocol, extensions: deflate?.extensions ?? '', headers });
    }
  } catch (cause) {
    refusal = new HandshakeError('HOOK_FAILED', 'The server failed to handle the request.', { cause });
  }
  if (refusal !== null) {
    pending.refuse(refusal);
    return;
  }
  const connection = pending.accept(() => {
    sayYes();
    return createConnection(pending.socket, {
      settings: policy.connection,
      role: 'server',
      head: attempt.rest,
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
  refusalBody(status, text); // Throws for what cannot be said.
  return new HandshakeError('FORBIDDEN', text, { status });
}
