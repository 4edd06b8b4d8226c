import { UsageError } from '../usage-error.ts';
import { isPrintableAscii } from './ascii.ts';
import { supportedVersions } from './upgrade-request.ts';

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  426: 'Upgrade Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** A status with which a handshake can be refused. */
export type RefusalStatus = keyof typeof reasons;

/** Whether a handshake can be refused with `status`. */
export function isRefusalStatus(status: number): status is RefusalStatus {
  return Object.hasOwn(reasons, status);
}

/**
 * The text of a refusal, which is its reason phrase unless told.
 *
 * @param text public: it is sent to the peer as it is. Never put secrets or what the peer sent into it.
 * @throws {UsageError} `BAD_OPTION` for another status, or a text that is not printable ASCII.
 */
export function refusalBody(status: RefusalStatus, text: string = reasons[status]): string {
  if (!isRefusalStatus(status)) throw new UsageError('BAD_OPTION', 'a handshake cannot be refused with this status');
  if (!isPrintableAscii(text)) throw new UsageError('BAD_OPTION', 'the text of a refusal must be printable ASCII');
  return `${text}\n`;
}

/**
 * The whole response that refuses a handshake; the connection is to be ended after it.
 *
 * @param text as for {@link refusalBody}.
 * @throws {UsageError} `BAD_OPTION`, as {@link refusalBody} does.
 */
export function writeRefusal(status: RefusalStatus, text?: string): string {
  const body = refusalBody(status, text);
  return [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    ...headersOf(status),
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

function headersOf(status: RefusalStatus): string[] {
  switch (status) {
    case 405:
      return ['Connection: close', 'Allow: GET'];
    case 426:
      // RFC 6455 §4.4 asks for the versions, RFC 9110 §15.5.22 for the protocol, and §7.8 for `Upgrade` in `Connection`.
      return ['Connection: close, Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Version: ${supportedVersions}`];
    default:
      return ['Connection: close'];
  }
}
