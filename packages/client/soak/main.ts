import { parseArgs } from 'node:util';
import { runSoak } from './soak.ts';

const usage = 'npm run soak -- [--seconds 60] [--seed N] [--clients 4] [--mean-bytes 50000]';
/** So many of a kind say as much as all. */
const MAX_PRINTED = 20;

const options = readOptions();
if (options === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  console.log(`soak: ${options.seconds} s, ${options.clients} clients, seed ${options.seed}`);
  const { lines, violations } = await runSoak(options);
  for (const [name, figure] of lines) console.log(`  ${name.padEnd(20)} ${figure}`);
  for (const violation of violations.slice(0, MAX_PRINTED)) console.error(`VIOLATION ${violation}`);
  console.log(violations.length === 0 ? 'nothing was lost, repeated or reordered' : `${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        clients: { type: 'string', default: '4' },
        'mean-bytes': { type: 'string', default: '50000' },
      },
    });
    const read = {
      seconds: Number(values.seconds),
      seed: Number(values.seed),
      clients: Number(values.clients),
      meanBytes: Number(values['mean-bytes']),
    };
    return Object.values(read).every((value) => Number.isSafeInteger(value) && value > 0) ? read : null;
  } catch {
    return null;
  }
}
