import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { HandshakeError, type UpgradeRequest } from '@typewire/frame';
import { type Draft76Request, KEY3_BYTES, readDraft76Request, writeDraft76Acceptance } from '@typewire/frame/draft76';
import { requestHead } from '../accept-upgrade.ts';
import { systemTimer } from '../deadline.ts';
import { Http1Answer } from '../handshake-answer.ts';
import { createOriginPolicy, type OriginOptions } from '../origin-policy.ts';
import { type HandshakeBounds, PendingHandshake } from '../pending-handshake.ts';
import { readExactly } from './exact-bytes.ts';
import { type Draft76SocketOptions, draft76Settings } from './limits.ts';
import { Draft76Socket } from './socket.ts';

/** Options of {@link acceptDraft76}. */
export interface AcceptDraft76Options extends Draft76SocketOptions, Pick<OriginOptions, 'origins'> {
  /** Subprotocols that are spoken; the draft has a client ask for one. @default [] */
  protocols?: readonly string[];
  /** The application's own check. @default () => true */
  verify?: (request: Draft76Request) => boolean;
  /** Told about each request that did not become a connection. @default () => {} */
  onRefused?: (error: HandshakeError) => void;
}

/** MD5 of Node's. @internal */
export const md5 = (data: Uint8Array): Uint8Array => createHash('md5').update(data).digest();

/**
 * Answers one `upgrade` event whose request is of draft-76 (ask `isDraft76` first). Resolves to the connection, or to
 * `null` after the request was refused. Nothing that a peer does makes it reject.
 *
 * Not safe behind proxies, which is why browsers have dropped it: the eight bytes behind the head are no body that HTTP
 * knows. For old devices on a network of their own.
 *
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function acceptDraft76(
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  options: AcceptDraft76Options = {},
): Promise<Draft76Socket | null> {
  const { protocols = [], verify = () => true, onRefused = () => {} } = options;
  const settings = draft76Settings(options);
  const isAllowedOrigin = createOriginPolicy(options);
  const { handshakeTimeoutMs } = settings;
  const bounds: HandshakeBounds = {
    handshakeTimeoutMs,
    startTimer: systemTimer,
    tracker: null,
    onRefused: (error) => onRefused(error),
  };
  return new Promise((resolve) => {
    let stopReading = (): void => {};
    const pending = new PendingHandshake(socket, new Http1Answer(socket), bounds, () => {
      stopReading();
      socket.off('end', onEnd);
      resolve(null);
    });
    const refuse = (error: HandshakeError) => pending.refuse(error);
    if (pending.isSettled) return;
    socket.on('end', onEnd);
    const read = readDraft76Request(requestHead(request));
    if (!read.ok) return refuse(read.error);
    const asked = read.value;
    if (!isAllowedOrigin(asUpgrade(asked))) {
      return refuse(new HandshakeError('ORIGIN_REFUSED', 'Pages of this origin may not connect here.'));
    }
    try {
      if (verify(asked) !== true)
        return refuse(new HandshakeError('FORBIDDEN', 'The server does not accept this connection.'));
    } catch (cause) {
      return refuse(new HandshakeError('HOOK_FAILED', 'The server failed to handle the request.', { cause }));
    }
    stopReading = readExactly(socket, KEY3_BYTES, head, (key3, rest) => {
      const speaksProtocol = asked.protocol !== null && protocols.includes(asked.protocol);
      const written = writeDraft76Acceptance(asked, key3, { md5, secure: socket instanceof TLSSocket, speaksProtocol });
      if (!written.ok) return refuse(written.error);
      const connection = pending.accept(() => {
        socket.off('end', onEnd).write(written.value);
        const accepted = new Draft76Socket(socket, speaksProtocol ? (asked.protocol ?? '') : '', settings);
        accepted.start(rest);
        return accepted;
      });
      if (connection !== null) resolve(connection);
    });

    function onEnd(): void {
      pending.refuse(new HandshakeError('ABANDONED', 'The peer ended before its request was complete.'));
    }
  });
}

/** What the policy of origins looks at is the same in every version. */
function asUpgrade({ path, query, host, origin, headers }: Draft76Request): UpgradeRequest {
  return { path, query, host, origin, headers, protocols: [], key: null, version: 13 };
}
