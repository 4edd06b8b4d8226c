import type { Duplex } from 'node:stream';
import {
  type Acceptance,
  type RefusalStatus,
  type UpgradeRequest,
  writeAcceptance,
  writeRefusal,
} from '@typewire/frame';
import type { StartTimer } from './deadline.ts';
import { endWithRefusal } from './refuse-upgrade.ts';
import { sha1 } from './sha1.ts';

/** How a handshake is answered in its version of HTTP. */
export interface HandshakeAnswer {
  /**
   * Checks what is to be said, and returns what says it; frames may follow.
   *
   * @throws {UsageError} `BAD_OPTION`.
   */
  accepting(request: UpgradeRequest, acceptance: Acceptance): () => void;
  /** Says no and ends, with what is left of the peer's own bytes read away for a short time. */
  refuse(status: RefusalStatus, text: string, startTimer: StartTimer): void;
}

/** With a 101, or a status and the end of the socket. RFC 6455 §4.2.2. */
export class Http1Answer implements HandshakeAnswer {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  accepting(request: UpgradeRequest, acceptance: Acceptance): () => void {
    const head = writeAcceptance(request, { ...acceptance, sha1 });
    return () => this.#socket.write(head, 'latin1');
  }

  refuse(status: RefusalStatus, text: string, startTimer: StartTimer): void {
    endWithRefusal(this.#socket, writeRefusal(status, text), startTimer);
  }
}
