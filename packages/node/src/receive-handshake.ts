import type { Socket } from 'node:net';
import { HandshakeError, type HeadLimits, RequestHeadParser, readUpgradeRequest } from '@typewire/frame';
import { answerUpgrade, readRequest, type UpgradeAttempt } from './answer-upgrade.ts';
import type { WebSocketConnection } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { Http1Answer } from './handshake-answer.ts';
import { PendingHandshake } from './pending-handshake.ts';
import { readShared } from './shared-read.ts';
import type { IncomingUpgrade, UpgradePolicy } from './upgrade-options.ts';

/** What a listener knows for all its sockets. */
export interface Reception {
  readonly policy: UpgradePolicy;
  readonly headLimits: HeadLimits;
  readonly onConnection: (connection: WebSocketConnection, request: IncomingUpgrade) => void;
}

/** What was begun for a socket when it was accepted. */
export interface Arrival {
  /** Runs since then, so that TLS counts too. */
  readonly deadline: Deadline;
  /** Ends the handshake's place among those under way. */
  readonly leave: () => void;
}

/** Reads the request from a fresh socket and answers it. Ends by itself in every case, at the deadline at the latest. */
export function receiveHandshake(socket: Socket, arrival: Arrival, reception: Reception): void {
  const { policy, headLimits, onConnection } = reception;
  const parser = new RequestHeadParser(headLimits);
  let isRead = false;
  let rest: Uint8Array | null = null;
  let shared = false;
  const stopReading = (): void => {
    isRead = true;
    rest = null;
    if (!shared) socket.off('data', read);
    socket.off('end', abandon);
  };
  const pending = new PendingHandshake(socket, new Http1Answer(socket), policy, stopReading, arrival.deadline);
  if (pending.isSettled) return;
  // Memory of its own for a read is a quarter of what a connection costs.
  shared = readShared(socket, read);
  if (!shared) socket.on('data', read);
  socket.on('end', abandon);
  socket.resume();

  function read(chunk: Uint8Array): void {
    // TLS brings all of what it has read, also when it is paused.
    if (rest !== null) rest = Buffer.concat([rest, chunk]);
    if (isRead) return;
    const outcome = parser.push(chunk);
    if (outcome === null) return;
    stopReading();
    if (outcome.type === 'refused') {
      pending.refuse(outcome.error);
      return;
    }
    const request = readRequest(readUpgradeRequest(outcome.head), pending);
    if (request === null) return;
    // What is read next, by whichever socket, overwrites it.
    const first = new Uint8Array(outcome.rest);
    rest = first;
    const attempt: UpgradeAttempt = {
      pending,
      request,
      message: null,
      get rest() {
        return rest ?? first;
      },
    };
    void answerUpgrade(attempt, policy, (connection) => {
      arrival.leave();
      onConnection(connection, request);
    });
  }

  function abandon(): void {
    pending.refuse(new HandshakeError('ABANDONED', 'The peer ended before its request was complete.'));
  }
}
