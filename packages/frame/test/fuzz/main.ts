// npm run fuzz -- [--seconds 60] [--seed 1] [--grow]: other inputs than the tests play, seed after seed; ends with 1 at the first
// that goes wrong. --grow adds an input for each outcome that the committed corpus does not have.
import { parseArgs } from 'node:util';
import { type CorpusName, readCorpus, writeCorpus } from './corpus.ts';
import { draft76FrameTarget } from './draft76-frame-target.ts';
import { draft76RequestTarget, draft76ResponseTarget } from './draft76-head-targets.ts';
import { fuzz } from './fuzz.ts';
import { requestTarget, responseTarget } from './head-targets.ts';
import { deflateTarget, machineTarget } from './machine-target.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    grow: { type: 'boolean', default: false },
  },
});

const targets = [
  machineTarget,
  deflateTarget,
  requestTarget,
  responseTarget,
  draft76FrameTarget,
  draft76RequestTarget,
  draft76ResponseTarget,
];
const found = new Map(targets.map(({ name }) => [name, new Map<string, Uint8Array>()]));
const endMs = performance.now() + Number(values.seconds) * 1_000;
let runs = 0;
for (let seed = Number(values.seed); performance.now() < endMs; seed++) {
  for (const target of targets) {
    const report = fuzz(target, seed, 5_000);
    runs += report.runs;
    const outcomes = found.get(target.name);
    for (const [outcome, input] of report.outcomes) {
      const known = outcomes?.get(outcome);
      if (known === undefined || input.length < known.length) outcomes?.set(outcome, input);
    }
  }
}
for (const [name, outcomes] of found) {
  process.stdout.write(`${name}: ${outcomes.size} different outcomes\n`);
  if (!values.grow) continue;
  const known = readCorpus(name as CorpusName);
  const seen = new Set(known.map((input) => Buffer.from(input).toString('hex')));
  const added = [...outcomes.values()].filter(
    (input) => input.length <= 300 && !seen.has(Buffer.from(input).toString('hex')),
  );
  writeCorpus(name as CorpusName, [...known, ...added]);
}
process.stdout.write(`${runs} inputs from seed ${values.seed} on, nothing went wrong\n`);
