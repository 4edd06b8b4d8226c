import { type Schema, UsageError } from '@typewire/core';
import type { Rule, RuleArguments } from '../builder/server-channel.ts';

/** Who may be present on a channel, and who may see that. */
export interface PresenceRules<Context, Params, Errors = Record<never, never>> {
  /** Who may see who is present. @default whoever may subscribe */
  readonly see?: Rule<RuleArguments<Context, Params, Errors>>;
  /** Who may be present. @default whoever may subscribe */
  readonly enter?: Rule<RuleArguments<Context, Params, Errors>>;
  /** How long a member stays when its connection is lost, in milliseconds: one that is back by then never left. @default 5_000 */
  readonly graceMs?: number;
  /** Changes within this time are one message, in milliseconds. @default 50 */
  readonly throttleMs?: number;
}

/** The presence of a channel: what members say of themselves, and rules. */
export interface PresenceOptions<Context, Params, State extends Schema | undefined, Errors = Record<never, never>>
  extends PresenceRules<Context, Params, Errors> {
  readonly state: State;
}

type AnyRule = Rule<RuleArguments<unknown, unknown, never>>;

/** The presence of a channel as it is served. */
export interface ServedPresence {
  readonly see: AnyRule | null;
  readonly enter: AnyRule | null;
  readonly graceMs: number;
  readonly throttleMs: number;
}

/** @throws {UsageError} `BAD_OPTION` */
export function readPresence(rules: PresenceRules<never, never, never>): ServedPresence {
  const { see, enter, graceMs = 5_000, throttleMs = 50 } = rules;
  for (const [name, value] of Object.entries({ graceMs, throttleMs })) {
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new UsageError('BAD_OPTION', `presence.${name} must be a number of at least 0, not ${String(value)}`);
    }
  }
  for (const [name, value] of Object.entries({ see, enter })) {
    if (value !== undefined && typeof value !== 'function') {
      throw new UsageError('BAD_OPTION', `presence.${name} must be a function that says whether a client may`);
    }
  }
  return { see: (see as AnyRule) ?? null, enter: (enter as AnyRule) ?? null, graceMs, throttleMs };
}
