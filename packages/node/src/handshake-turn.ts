import { abortedBy, ConnectError } from './connect-error.ts';
import { Deadline, type StartTimer } from './deadline.ts';
import { HandshakeQueue } from './handshake-queue.ts';

/** The queue of this process. */
const queue = new HandshakeQueue();

/** What ends a handshake before it is over, and the waiting for its turn. */
export interface TurnLimits {
  readonly handshakeTimeoutMs: number;
  readonly startTimer: StartTimer;
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls `handshake` when it is the turn of this one among those to `address`, and lets the next one begin when it is
 * over. The deadline runs from now on; `handshake` takes it over.
 *
 * Rejects with `ConnectError` `TIMED_OUT` or `ABORTED` while it waits, and then with what `handshake` rejects with.
 */
export async function inTurn<Value>(
  address: string,
  { handshakeTimeoutMs, startTimer, signal }: TurnLimits,
  handshake: (deadline: Deadline) => Promise<Value>,
): Promise<Value> {
  let giveUp = (_: ConnectError): void => {};
  const deadline = new Deadline(startTimer, handshakeTimeoutMs, () => {
    const waited = `serializeHandshakes had it wait ${handshakeTimeoutMs} ms for other handshakes to the same address`;
    giveUp(new ConnectError('TIMED_OUT', waited));
  });
  const onAbort = () => signal && giveUp(abortedBy(signal));
  signal?.addEventListener('abort', onAbort);
  let leave = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      giveUp = reject;
      if (signal?.aborted) onAbort();
      else leave = queue.enter(address, resolve);
    });
    return await handshake(deadline);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    deadline.cancel();
    leave();
  }
}
