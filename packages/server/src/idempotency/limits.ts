/** What is kept of mutations with an idempotency key, so that a repeat gets the result and runs nothing. */
export interface IdempotencyLimits {
  /** How long a result is kept, and how long a handler goes on for callers that lost their session, in milliseconds. @default 300_000 */
  readonly keepMs?: number;
  /** Results kept in this process; beyond it the oldest goes, those of clients without a subject first. @default 10_000 */
  readonly maxResults?: number;
  /** Results of one subject, or of one client without; beyond it its oldest goes. @default 1_000 */
  readonly maxResultsPerClient?: number;
  /** Largest result kept, in UTF-16 units: a repeat of a call with a larger one fails with `RESULT_GONE`. @default 65_536 */
  readonly maxResultSize?: number;
  /** Size of all results; beyond it the oldest is forgotten, not that it was there: `RESULT_GONE`. @default 67_108_864 */
  readonly maxTotalSize?: number;
  /** The same for one subject, or one client without. @default 4_194_304 */
  readonly maxTotalSizePerClient?: number;
  /**
   * Handlers that go on although the sessions of all their callers have ended; beyond it the one that does so longest is
   * told to stop, those of clients without a subject first. @default 1_000
   */
  readonly maxOrphans?: number;
  /** The same for one subject, or one client without. @default 128 */
  readonly maxOrphansPerClient?: number;
}

export const idempotencyDefaults: Required<IdempotencyLimits> = {
  keepMs: 300_000,
  maxResults: 10_000,
  maxResultsPerClient: 1_000,
  maxResultSize: 65_536,
  maxTotalSize: 67_108_864,
  maxTotalSizePerClient: 4_194_304,
  maxOrphans: 1_000,
  maxOrphansPerClient: 128,
};
