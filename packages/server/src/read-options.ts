import { UsageError } from '@typewire/core';

/** Options whose smallest useful value is 1: at 0 nothing would ever be read, or all would be over at once. */
const positive: ReadonlySet<string> = new Set([
  'maxCallsInFlight',
  'maxHeldCalls',
  'maxHeldBytes',
  'maxCallsPerSecond',
  'maxMessagesPerSecond',
  'maxMessageBytes',
  'uploadWindow',
  'maxHelloLength',
  'helloTimeoutMs',
  'callTimeoutMs',
  'intervalMs',
  'timeoutMs',
  'positionCheckMs',
]);

/**
 * The options of one group with its defaults filled in. `Infinity` switches a limit off.
 *
 * @throws {UsageError} `BAD_OPTION` for an unknown name, and for a value that is no number, NaN or too small.
 */
export function readOptions<Options extends object>(
  group: string,
  options: Options | undefined,
  defaults: Required<Options>,
): Required<Options> {
  const read: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(options ?? {})) {
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).join(', ');
      throw new UsageError('BAD_OPTION', `there is no option ${group}.${name}; there are ${names}`);
    }
    if (value === undefined) continue;
    const least = positive.has(name) ? 1 : 0;
    if (typeof value !== 'number' || !(value >= least)) {
      throw new UsageError(
        'BAD_OPTION',
        `${group}.${name} must be a number of at least ${least}, not ${String(value)}`,
      );
    }
    read[name] = value;
  }
  return read as Required<Options>;
}

/** A setting as the wire carries it, a count: without a fraction, and the largest count there is for no limit. */
export function toCount(value: number): number {
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER);
}
