export { generate } from './generate.ts';
export type { Violation } from './judge.ts';
export { describeSchedule, describeViolation, replayLine } from './report.ts';
export type { Action, ClientSettings, Fault, Item, NetworkFault, Schedule, Settings, Topic } from './schedule.ts';
export { type Fails, type Shrunk, shrink } from './shrink.ts';
export { type Outcome, type SimulateOptions, simulate } from './simulate.ts';
export { noSeams, type Seams } from './world.ts';
