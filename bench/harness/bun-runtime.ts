import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where `npm install --no-save bun` puts it. */
const installed = fileURLToPath(new URL('../../../node_modules/.bin/bun', import.meta.url));

/** The program of Bun: `BUN_PATH`, else the installed one, else one on the path; `null` when none of them runs. */
export const bun: string | null =
  [process.env['BUN_PATH'], installed, 'bun'].find(
    (program) => program !== undefined && spawnSync(program, ['--version']).status === 0,
  ) ?? null;
