import type { Fail } from '../failure.ts';
import type { MaybePromise } from './handler.ts';
import type { RuleArguments } from './server-channel.ts';

/** What loading the state of a topic is given. */
export interface SnapshotArguments<Context, Params> extends RuleArguments<Context, Params> {
  readonly fail: Fail<Record<never, never>>;
}

/** Loads the state of a topic for one subscriber. What it throws fails the subscribe, as a rule does. */
export type SnapshotHandler<Context, Params, Snapshot> = (
  args: SnapshotArguments<Context, Params>,
) => MaybePromise<Snapshot>;

export type AnySnapshotHandler = SnapshotHandler<unknown, unknown, unknown>;
