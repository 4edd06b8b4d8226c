import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { HandshakeError, type UpgradeRequest } from '@typewire/frame';
import { type Draft76Request, KEY3_BYTES, readDraft76Request, writeDraft76Acceptance } from '@typewire/frame/draft76';
import { requestHead } from '../accept-upgrade.ts';
import { Deadline, systemTimer } from '../deadline.ts';
import { Http1Answer } from '../handshake-answer.ts';
import { createOriginPolicy, type OriginOptions } from '../origin-policy.ts';
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
  return new Promise((resolve) => {
    let settled = false;
    let stopReading = (): void => {};
    const onClose = () => refuse(new HandshakeError('ABANDONED', 'The peer left before the handshake was answered.'));
    const settle = () => {
      settled = true;
      deadline.cancel();
      stopReading();
      socket.off('close', onClose).off('end', onClose);
    };
    const refuse = (error: HandshakeError): void => {
      if (settled) return;
      settle();
      const { status } = error;
      if (status === null || status === 101) socket.destroy();
      else new Http1Answer(socket).refuse(status as 400, error.message, systemTimer);
      onRefused(error);
      resolve(null);
    };
    const deadline = new Deadline(systemTimer, settings.handshakeTimeoutMs, () =>
      refuse(new HandshakeError('TIMED_OUT', 'The handshake took too long.')),
    );
    socket.on('error', ignore);
    socket.once('close', onClose).once('end', onClose);
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
      if (settled) return;
      settle();
      socket.write(written.value);
      const connection = new Draft76Socket(socket, speaksProtocol ? (asked.protocol ?? '') : '', settings);
      connection.start(rest);
      resolve(connection);
    });
  });
}

/** What the policy of origins looks at is the same in every version. */
function asUpgrade({ path, query, host, origin, headers }: Draft76Request): UpgradeRequest {
  return { path, query, host, origin, headers, protocols: [], key: null, version: 13 };
}

function ignore(): void {}
