import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender } from './suite.ts';

/** Where `npm install --no-save bun` puts it. */
const installed = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url));

const program = [process.env['BUN_PATH'], installed, 'bun'].find(
  (candidate) => candidate !== undefined && spawnSync(candidate, ['--version']).status === 0,
);

/** Bun as what runs a server: `BUN_PATH`, else the installed one, else one on the path. */
export const bun: Pick<Contender, 'serverRuntime' | 'missing'> =
  program === undefined ? { missing: 'bun' } : { serverRuntime: program };
