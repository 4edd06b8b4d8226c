import { UsageError } from '@typewire/frame';
import { type Draft76Limits, draft76Limits } from '@typewire/frame/draft76';

/** What one connection of draft-76 may cost. */
export interface Draft76SocketOptions extends Partial<Draft76Limits> {
  /** A peer for which more bytes than this wait is cut off with the next message. @default 1_048_576 */
  maxBufferedBytes?: number;
  /** Time for the whole handshake, in milliseconds. @default 10_000 */
  handshakeTimeoutMs?: number;
}

export const draft76Defaults: Required<Draft76SocketOptions> = {
  ...draft76Limits,
  maxBufferedBytes: 1_048_576,
  handshakeTimeoutMs: 10_000,
};

/** @throws {UsageError} `BAD_OPTION` for a limit that is not positive. */
export function draft76Settings(options: Draft76SocketOptions): Required<Draft76SocketOptions> {
  const given = Object.entries(draft76Defaults).map(([name, value]) => {
    const chosen = options[name as keyof Draft76SocketOptions] ?? value;
    if (!(chosen > 0)) throw new UsageError('BAD_OPTION', `${name} must be positive`);
    return [name, chosen] as const;
  });
  return Object.fromEntries(given) as unknown as Required<Draft76SocketOptions>;
}
