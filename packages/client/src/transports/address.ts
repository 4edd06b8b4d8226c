import { UsageError } from '@typewire/core';

/**
 * The address of a WebSocket, in full.
 *
 * @param base what a relative address is resolved against; `undefined` outside of a page.
 * @throws {UsageError} `BAD_OPTION` for what can never work: no address, another scheme, or a user name in it.
 */
export function readAddress(url: string, base: string | undefined): string {
  let resolved: URL;
  try {
    resolved = new URL(url, base);
  } catch {
    throw new UsageError(
      'BAD_OPTION',
      `the url ${JSON.stringify(url)} is not an address: outside of a page it must be absolute`,
    );
  }
  const scheme = /^(?:ws|http)(s?):$/.exec(resolved.protocol);
  if (scheme === null) {
    throw new UsageError('BAD_OPTION', `the url must be ws, wss, http or https, not ${resolved.protocol}`);
  }
  if (resolved.username !== '' || resolved.password !== '') {
    // Without the address: it holds a password.
    throw new UsageError('BAD_OPTION', 'the url must not contain a user name: credentials belong in the option auth');
  }
  resolved.protocol = `ws${scheme[1]}:`;
  resolved.hash = '';
  return resolved.href;
}
