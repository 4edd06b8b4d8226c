import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  describeSchedule,
  describeViolation,
  generate,
  noSeams,
  type Outcome,
  replayLine,
  type Schedule,
  shrink,
  simulate,
} from '@typewire/testing/simulator';
import { type Bug, bugs } from '../test/simulator/bugs.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    /** Prints what happened. */
    trace: { type: 'boolean', default: false },
    /** Goes on after a failure. */
    'keep-going': { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
    /** Switches on one of the bugs that the tests know. */
    bug: { type: 'string' },
  },
});

const bugName = values.bug ?? null;
const bug: Partial<Bug> | undefined = bugName === null ? {} : bugs[bugName];
if (bug === undefined) throw new Error(`--bug is one of:\n  ${Object.keys(bugs).join('\n  ')}`);
bug.install?.();

const run = (schedule: Schedule, keepsLines = false): Promise<Outcome> =>
  simulate(schedule, { seams: { ...noSeams, ...bug.seams }, keepsLines });

const first = readCount('seed', values.seed);
const count = readCount('count', values.count);
const startMs = performance.now();
let failures = 0;
let told = 0;
for (let seed = first; seed < first + count; seed++) {
  const schedule = generate(seed);
  const outcome = await run(schedule, values.trace);
  if (values.trace) console.log(outcome.lines.join('\n'));
  if (outcome.violation !== null) {
    failures++;
    await tellFailure(seed, schedule, outcome.violation);
    if (!values['keep-going']) break;
  }
  const minutes = Math.floor((performance.now() - startMs) / 60_000);
  if (minutes > told) {
    told = minutes;
    console.log(`${seed - first + 1} of ${count} seeds, ${failures} failed`);
  }
}
const ms = performance.now() - startMs;
console.log(`seeds from ${first}: ${count} asked for, ${failures} failed, ${(ms / 1_000).toFixed(1)} s`);
process.exitCode = failures === 0 ? 0 : 1;

async function tellFailure(
  seed: number,
  schedule: Schedule,
  violation: NonNullable<Outcome['violation']>,
): Promise<void> {
  console.log(`\nseed ${seed}: ${describeViolation(violation)}`);
  console.log(`replay: ${replayLine(seed, bugName)}`);
  if (values['no-shrink']) return;
  const shrunk = await shrink(schedule, async (candidate) => {
    const { violation: other } = await run(candidate);
    return other?.oracle === violation.oracle;
  });
  const { violation: rest } = await run(shrunk.schedule);
  console.log(`shrunk to ${shrunk.schedule.items.length} of ${schedule.items.length} things in ${shrunk.runs} runs:`);
  console.log(describeSchedule(shrunk.schedule));
  if (rest !== null) console.log(describeViolation(rest));
}

function readCount(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} is a whole number, not ${text}`);
  return value;
}
