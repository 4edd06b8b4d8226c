import { ProtocolError } from '../errors.ts';
import { type AuthenticationMessage, MessageType } from '../message/messages.ts';
import type { LinkOptions } from './link-listener.ts';

/**
 * Whether a peer may send this now: a client credentials, a server all else, and only on an open session.
 * protocol: "Authentication".
 *
 * @throws {ProtocolError} `MALFORMED`, or `TOO_BIG` for credentials that would not have fitted into a hello.
 */
export function checkAuthentication(
  message: AuthenticationMessage,
  isOpen: boolean,
  { role, maxHelloLength }: Pick<LinkOptions, 'role' | 'maxHelloLength'>,
): void {
  if (!isOpen || (message[0] === MessageType.Auth) !== (role === 'server')) {
    throw new ProtocolError('MALFORMED', 'a message of authentication out of turn');
  }
  // Behind value and metadata stand attachments: credentials are text, as they are in a hello.
  if (message.length > 3) throw new ProtocolError('MALFORMED', 'credentials in a binary message');
  // By itself, and not by what came with it: a batch of calls may be longer.
  if (role === 'server' && JSON.stringify(message).length > maxHelloLength) {
    throw new ProtocolError('TOO_BIG', `credentials above ${maxHelloLength} characters`);
  }
}
