import { type ConnectionLimits, connectionLimits, type Role, UsageError } from '@typewire/frame';

/** Limits of one connection. Durations are in milliseconds, sizes in bytes; `Infinity` is "no limit". */
export interface ConnectionOptions {
  /** Longest message accepted, over all its frames; a longer one is refused on its header, with 1009. @default 1_048_576 on a server, 16_777_216 on a client */
  maxMessageBytes?: number;
  /** Most frames in one message, empty ones counted; more close with 1008. @default 1_024 */
  maxFragments?: number;
  /** Most pings and pongs of the peer within `controlWindowMs`; more close with 1008. @default 100 */
  maxControlFrames?: number;
  /** @default 10_000 */
  controlWindowMs?: number;
  /** Longest wait for the peer's Close frame, and then for the end of TCP; then the socket is destroyed. @default 5_000 */
  closeTimeoutMs?: number;
  /** Longest time from the first byte of a message to its last; then the connection is closed with 1008. @default 30_000 */
  messageTimeoutMs?: number;
  /**
   * From here on `send` returns `false`, and `drain` follows when the peer has caught up. Below the socket's own
   * mark, which is 16 KiB on Node 20, it has no effect. @default 65_536
   */
  highWaterBytes?: number;
  /**
   * Hard limit of what may wait for the peer, whether it reads or not. A message that is sent while more than this
   * waits is dropped, and the connection closed with 4008. @default 16_777_216
   */
  maxBufferedBytes?: number;
  /**
   * The same for a peer that has taken nothing for half of `stallTimeoutMs`: it does not get to hold as much memory
   * as one that is on its way through a large message. @default 1_048_576
   */
  maxStalledBytes?: number;
  /** Longest time in which a peer may take nothing of what waits for it; then its socket is destroyed, reported as 4008. @default 10_000 */
  stallTimeoutMs?: number;
}

/** {@link ConnectionOptions} with nothing left out. */
export interface ConnectionSettings extends ConnectionLimits {
  readonly highWaterBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxStalledBytes: number;
  readonly stallTimeoutMs: number;
}

const sendingLimits = {
  highWaterBytes: 65_536,
  maxBufferedBytes: 16_777_216,
  maxStalledBytes: 1_048_576,
  stallTimeoutMs: 10_000,
};

export const connectionDefaults: Readonly<Record<Role, ConnectionSettings>> = {
  server: { ...connectionLimits, ...sendingLimits },
  client: { ...connectionLimits, maxMessageBytes: 16_777_216, ...sendingLimits },
};

const names = Object.keys(connectionDefaults.server) as readonly (keyof ConnectionSettings)[];

/**
 * Fills in what `options` leaves out. Connections without options of their own share one object.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export function connectionSettings(role: Role, options: ConnectionOptions): ConnectionSettings {
  const defaults = connectionDefaults[role];
  if (names.every((name) => options[name] === undefined)) return defaults;
  const settings = { ...defaults };
  for (const name of names) {
    const value = options[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value > 0)) {
      throw new UsageError('BAD_OPTION', `${name} must be a number above 0; Infinity means no limit`);
    }
    settings[name] = value;
  }
  return settings;
}
