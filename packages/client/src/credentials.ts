import { type Serializer, UsageError } from '@typewire/core';
import { encodeText } from '@typewire/core/internal';

export interface CredentialSettings {
  readonly auth: unknown;
  readonly serializer: Serializer;
}

/**
 * What `auth` gives now, as it stands in a message: at once unless it is a function, so that a connection is under way in
 * the tick that asked for it.
 *
 * @throws {UsageError} `BAD_OPTION` for credentials above what the server takes, `UNSERIALIZABLE` for bytes too, and
 * what `auth` throws; of a function as a rejection.
 */
export function readCredentials(
  { auth, serializer }: CredentialSettings,
  maxMessageBytes: number,
): string | Promise<string> {
  const encode = (credentials: unknown): string => {
    const text = encodeText(serializer, credentials, 'auth');
    const bytes = new TextEncoder().encode(text).length;
    if (bytes <= maxMessageBytes) return text;
    throw new UsageError(
      'BAD_OPTION',
      `what auth gives takes ${bytes} bytes, above the server's limits.maxMessageBytes of ${maxMessageBytes}`,
    );
  };
  return typeof auth === 'function' ? (async () => encode(await auth()))() : encode(auth);
}
