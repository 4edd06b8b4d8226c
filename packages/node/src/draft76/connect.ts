import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import { ResponseHeadParser } from '@typewire/frame';
import { ANSWER_BYTES, createDraft76Offer, readDraft76Response } from '@typewire/frame/draft76';
import { readAddress } from '../connect-address.ts';
import { ConnectError, toConnectError } from '../connect-error.ts';
import { Deadline, systemTimer } from '../deadline.ts';
import { md5 } from './accept.ts';
import { readExactly } from './exact-bytes.ts';
import { type Draft76SocketOptions, draft76Settings } from './limits.ts';
import { Draft76Socket } from './socket.ts';

/** Options of {@link connectDraft76}. */
export interface ConnectDraft76Options extends Draft76SocketOptions {
  /** Sent as `Origin`, which this draft demands. @default the server's own address */
  origin?: string;
  /** The one subprotocol to ask for. */
  protocol?: string;
  /** What `tls.connect` takes. */
  tls?: TlsOptions;
}

/**
 * Opens a connection to a server of draft-76. Rejects with `ConnectError` when no answer was reached, and with
 * `HandshakeError` when it was not the right one.
 *
 * @throws {UsageError} `BAD_OPTION`, at once.
 */
export function connectDraft76(url: string | URL, options: ConnectDraft76Options = {}): Promise<Draft76Socket> {
  const settings = draft76Settings(options);
  const { secure, host, hostname, port, target } = readAddress(url);
  const offer = createDraft76Offer({
    host,
    target,
    secure,
    origin: options.origin ?? `${secure ? 'https' : 'http'}://${host}`,
    protocol: options.protocol ?? null,
    random: randomBytes,
  });
  return new Promise((resolve, reject) => {
    const socket = secure
      ? connectTls({ ...options.tls, host: hostname, port })
      : connectTcp({ host: hostname, port, noDelay: true });
    const parser = new ResponseHeadParser();
    let stopReading = (): void => {};
    const release = () => {
      deadline.cancel();
      stopReading();
      socket.off('close', onLost).off('end', onLost).off('data', onHead);
    };
    const fail = (error: Error) => {
      release();
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error) => fail(toConnectError(error, socket));
    const onLost = () => fail(new ConnectError('LOST', 'the connection ended before the answer was complete'));
    const onHead = (chunk: Buffer) => {
      const outcome = parser.push(chunk);
      if (outcome === null) return;
      if (outcome.type === 'refused') return fail(outcome.error);
      socket.off('data', onHead);
      // A server that says no sends none of the bytes that would prove it has read ours.
      const expected = outcome.head.status === 101 ? ANSWER_BYTES : 0;
      stopReading = readExactly(socket, expected, outcome.rest, (answer, rest) => {
        const read = readDraft76Response(outcome.head, answer, offer, md5);
        if (!read.ok) return fail(read.error);
        release();
        socket.off('error', onError);
        const connection = new Draft76Socket(socket, read.value.protocol ?? '', settings);
        connection.start(rest);
        resolve(connection);
      });
    };
    const deadline = new Deadline(systemTimer, settings.handshakeTimeoutMs, () =>
      fail(new ConnectError('TIMED_OUT', `the server did not answer within ${settings.handshakeTimeoutMs} ms`)),
    );
    socket.on('error', onError).on('end', onLost).on('close', onLost).on('data', onHead);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.write(offer.head, 'latin1');
      socket.write(offer.key3);
    });
  });
}
