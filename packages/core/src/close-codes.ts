import type { ProtocolError } from './errors.ts';

/**
 * Close codes of a Typewire connection. 1000–1015 keep the meaning of RFC 6455 §7.4.1; 4000–4499 invite the client
 * to come back, 4500–4999 tell it not to.
 */
export const CloseCode = {
  /** The work is done. */
  Done: 1000,
  /** This end goes away: a page is left, a server stops. */
  GoingAway: 1001,
  /** A text or binary message this end does not accept. */
  Unsupported: 1003,
  /** No close frame arrived: the connection was lost. Never sent. RFC 6455 §7.1.5. */
  Abnormal: 1006,
  /** A policy of this end was broken. */
  Policy: 1008,
  /** A message above this end's limit. */
  TooBig: 1009,
  /** The server failed while opening the session. */
  Internal: 1011,
  /** The server restarts: come back. */
  Restart: 1012,
  /** Too much load: come back later. */
  Overload: 1013,
  /** The client is put away and may come back: a page in the back/forward cache. */
  Suspended: 4000,
  /** Nothing was heard within the heartbeat's timeout. */
  HeartbeatMissed: 4001,
  /** No hello within the handshake's time. */
  HelloTimeout: 4002,
  /** `authenticate` says that the client of a session is somebody else now: come back for a session of one's own. */
  SubjectChanged: 4003,
  /** This end reads too slowly. */
  TooSlow: 4008,
  /** `authenticate` refused what the client sent. */
  NotAuthenticated: 4501,
  /** A message that does not follow the protocol. */
  Malformed: 4502,
  /** Authenticated, but not allowed to connect. */
  Forbidden: 4503,
  /** The two ends speak no common version. */
  Version: 4505,
  /** The session goes on over another connection. */
  Replaced: 4509,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** What a peer that broke the protocol is closed with. */
export const violationCodes: Readonly<Record<ProtocolError['code'], CloseCode>> = {
  MALFORMED: CloseCode.Malformed,
  UNKNOWN_MESSAGE: CloseCode.Malformed,
  VERSION: CloseCode.Version,
  TOO_BIG: CloseCode.TooBig,
};

const terminal: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009]);

/** Whether coming back would end the same way, so that a client must stop trying. protocol: "Leaving". */
export function isTerminalClose(code: number): boolean {
  return terminal.has(code) || (code >= 4500 && code <= 4999);
}

const resumable: ReadonlySet<number> = new Set([
  CloseCode.Abnormal,
  CloseCode.Suspended,
  CloseCode.HeartbeatMissed,
  CloseCode.TooSlow,
]);

/** Whether a session outlives a connection that ended so: it was lost, rather than ended. */
export function isResumableClose(code: number): boolean {
  return resumable.has(code);
}
