import type { Duplex } from 'node:stream';
import { type RefusalStatus, writeRefusal } from '@typewire/frame';
import { type StartTimer, systemTimer } from './deadline.ts';
import { readShared } from './shared-read.ts';

/** How long a refused peer may take to read why, in milliseconds. */
const lingerMs = 2_000;
/** How much of what it still sends is read away meanwhile, in bytes. */
const maxDiscardedBytes = 262_144;

/**
 * Answers an upgrade with an HTTP status and ends the socket; for requests that nobody serves, such as an unknown path.
 * Without it the socket of an `upgrade` event stays open for ever.
 *
 * @param text public, one line; what failed and not why in detail.
 * @throws {UsageError} `BAD_OPTION` for a status that refuses nothing or a text that is not printable ASCII.
 */
export function refuseUpgrade(socket: Duplex, status: RefusalStatus, text?: string): void {
  endWithRefusal(socket, writeRefusal(status, text), systemTimer);
}

/**
 * Writes `response`, ends, and destroys once the peer has ended too. Closing a socket with unread bytes makes the kernel
 * send a reset, and that can overtake the answer: so a little is read away, for a short time.
 */
export function endWithRefusal(socket: Duplex, response: string, startTimer: StartTimer): void {
  socket.on('error', ignore);
  if (socket.destroyed) return;
  const destroy = () => socket.destroy();
  const cancelTimer = startTimer(lingerMs, destroy);
  let discarded = 0;
  const discard = (chunk: Uint8Array): void => {
    discarded += chunk.length;
    if (discarded > maxDiscardedBytes) destroy();
  };
  if (!readShared(socket, discard)) socket.on('data', discard);
  socket.once('end', destroy);
  socket.once('close', cancelTimer);
  socket.end(response);
  socket.resume();
}

function ignore(): void {}
