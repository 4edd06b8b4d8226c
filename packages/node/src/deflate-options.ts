import { checkDeflateParameters, type DeflateParameters, MessageDeflate, type Role, UsageError } from '@typewire/frame';
import { type DeflateEffort, deflaterFor, inflaterFor } from './deflate-codec.ts';
import { allocate } from './node-environment.ts';

/** How messages are compressed (permessage-deflate, RFC 7692), where the peer can do it too. */
export interface PerMessageDeflateOptions {
  /** Messages with fewer bytes are sent plain. @default 1_024 */
  thresholdBytes?: number;
  /**
   * Messages with so many bytes or more are compressed, and inflated, in Node's thread pool, at most 10 at once in the
   * process; what comes after such a message waits for it. `Infinity` does everything at once. @default 65_536
   */
  asyncThresholdBytes?: number;
  /**
   * Most bytes a second that what the peer sends may inflate to, over 10 s: ten times as much, or one message, may come at
   * once. More closes with 1008. @default 1_048_576 on a server, Infinity on a client
   */
  maxInflatedBytesPerSecond?: number;
  /** How hard zlib tries, from 1 to 9. @default 3, within a tenth of the size of 6 for two thirds of the time */
  level?: number;
  /** Memory of zlib while it compresses a message, from 1 to 9: 2^(`memLevel` + 9) bytes, and 2^(window + 2). @default 5 */
  memLevel?: number;
  /**
   * Whether the server compresses each message by itself. Otherwise it may refer to earlier ones, for which each
   * connection keeps the last 2^`serverMaxWindowBits` bytes on both sides. @default true
   */
  serverNoContextTakeover?: boolean;
  /** The same for what the client sends. @default true */
  clientNoContextTakeover?: boolean;
  /** Largest window of what the server sends, from 8 to 15. @default 12 on a server, 15 (asks for nothing) on a client */
  serverMaxWindowBits?: number;
  /** Largest window of what the client sends, from 8 to 15; clients that cannot be asked use 15. @default 12 */
  clientMaxWindowBits?: number;
}

/** {@link PerMessageDeflateOptions} with nothing left out. */
export interface DeflateSettings extends DeflateParameters, DeflateEffort {
  readonly thresholdBytes: number;
  readonly asyncThresholdBytes: number;
  readonly maxInflatedBytesPerSecond: number;
}

const shared = {
  thresholdBytes: 1_024,
  asyncThresholdBytes: 65_536,
  maxInflatedBytesPerSecond: 1_048_576,
  level: 3,
  memLevel: 5,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  clientMaxWindowBits: 12,
};

export const deflateDefaults: Readonly<Record<Role, DeflateSettings>> = {
  server: shared,
  // A server that cannot limit its window would decline, and inflating without takeover keeps no window anyway.
  // What a server sends was asked for.
  client: { ...shared, serverMaxWindowBits: 15, maxInflatedBytesPerSecond: Number.POSITIVE_INFINITY },
};

/**
 * Fills in what the option leaves out; `null` is no compression.
 *
 * @throws {UsageError} `BAD_OPTION`, also for a name that does not exist: what `ws` calls otherwise must not be lost.
 */
export function deflateSettings(
  role: Role,
  option: boolean | PerMessageDeflateOptions = false,
): DeflateSettings | null {
  const defaults = deflateDefaults[role];
  if (option === false) return null;
  if (option === true) return defaults;
  if (typeof option !== 'object' || option === null) {
    throw new UsageError('BAD_OPTION', 'perMessageDeflate must be true, false or an object');
  }
  for (const name of Object.keys(option)) {
    if (!Object.hasOwn(defaults, name)) throw new UsageError('BAD_OPTION', `perMessageDeflate has no option ${name}`);
  }
  const given = Object.fromEntries(Object.entries(option).filter(([, value]) => value !== undefined));
  const settings: DeflateSettings = { ...defaults, ...given };
  checkDeflateParameters(settings);
  for (const name of ['level', 'memLevel'] as const) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < 1 || value > 9) {
      throw new UsageError('BAD_OPTION', `perMessageDeflate.${name} must be an integer from 1 to 9`);
    }
  }
  for (const name of ['thresholdBytes', 'asyncThresholdBytes'] as const) {
    const value = settings[name];
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new UsageError('BAD_OPTION', `perMessageDeflate.${name} must be a number of at least 0`);
    }
  }
  const rate = settings.maxInflatedBytesPerSecond;
  if (typeof rate !== 'number' || !(rate > 0)) {
    throw new UsageError('BAD_OPTION', 'perMessageDeflate.maxInflatedBytesPerSecond must be a number above 0');
  }
  return settings;
}

/** What does the compressing on a connection that has agreed on it. */
export function createMessageDeflate(role: Role, agreed: DeflateParameters, settings: DeflateSettings): MessageDeflate {
  const [own, peers] =
    role === 'server'
      ? [agreed.serverMaxWindowBits, agreed.clientMaxWindowBits]
      : [agreed.clientMaxWindowBits, agreed.serverMaxWindowBits];
  return new MessageDeflate(
    role,
    {
      agreed,
      deflater: deflaterFor(own, settings),
      inflater: inflaterFor(peers),
      thresholdBytes: settings.thresholdBytes,
      asyncThresholdBytes: settings.asyncThresholdBytes,
      maxInflatedBytesPerSecond: settings.maxInflatedBytesPerSecond,
    },
    allocate,
  );
}
