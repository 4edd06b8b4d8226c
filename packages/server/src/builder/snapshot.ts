import type { MaybePromise } from './handler.ts';
import type { RuleArguments } from './server-channel.ts';

/** Loads the state of a topic for one subscriber. What it throws fails the subscribe, as a rule does. */
export type SnapshotHandler<Context, Params, Snapshot, Errors = Record<never, never>> = (
  args: RuleArguments<Context, Params, Errors>,
) => MaybePromise<Snapshot>;

export type AnySnapshotHandler = SnapshotHandler<unknown, unknown, unknown, never>;
