/** Close codes that Typewire itself sends or reports. RFC 6455 §7.4.1 and the IANA registry. */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Reported when the peer's Close frame carried no code; never sent. */
  NoStatus: 1005,
  /** Reported when the connection ended without a Close frame from the peer; never sent. */
  Abnormal: 1006,
  InvalidPayload: 1007,
  PolicyViolation: 1008,
  TooBig: 1009,
  InternalError: 1011,
  Restart: 1012,
  Overload: 1013,
  /** The peer reads too slowly; ours, from the private range. A client may reconnect. */
  TooSlow: 4008,
} as const;

const wording: ReadonlyMap<number, string> = new Map<number, string>([
  [1000, 'done'],
  [1001, 'going away'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1005, 'no code given'],
  [1006, 'connection lost'],
  [1007, 'invalid payload'],
  [1008, 'policy violation'],
  [1009, 'message too big'],
  [1010, 'extension missing'],
  [1011, 'internal error'],
  [1012, 'service restart'],
  [1013, 'try again later'],
  [1014, 'bad gateway'],
  [1015, 'TLS handshake failed'],
  [4008, 'too slow'],
]);

/**
 * Whether a Close frame may carry `code`, in either direction. 1004 is reserved, 1005, 1006 and 1015 exist
 * for reports only (§7.4.1); 3000–3999 are registered and 4000–4999 private (§7.4.2).
 */
export function isWireCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 1000 && code <= 1014) return code !== 1004 && code !== 1005 && code !== 1006;
  return code >= 3000 && code <= 4999;
}

/** A few words for logs, such as `1002 protocol error`. */
export function describeCloseCode(code: number): string {
  const words = wording.get(code) ?? (code >= 4000 ? 'application' : code >= 3000 ? 'registered' : 'unknown');
  return `${code} ${words}`;
}
