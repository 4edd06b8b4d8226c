import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Load, runLoad } from '../harness/load-child.ts';
import type { Dialect } from './dialects.ts';
import { generateProject } from './generate.ts';

/** Procedures a client calls: it pays for what it uses, whatever the size of the server. */
const called = 50;

const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));

/**
 * The whole of a load program that checks generated code instead of sending messages: each round is a fresh run of
 * `tsc` over a server of as many procedures as messages were asked for, and a client of it.
 */
export function runCheckLoad(dialect: Dialect): void {
  runLoad(() => {
    // Users get declarations, not our sources; these are made from the sources as they are now.
    if (dialect === 'typewire') runCompiler(['-b', fileURLToPath(new URL('../../../../../', import.meta.url))]);
    return Promise.resolve(check);
  });

  async function check(procedures: number): ReturnType<Load> {
    const folder = fileURLToPath(new URL('project/', import.meta.url));
    generateProject(folder, dialect, { procedures, called });
    const report = runCompiler(['-p', folder, '--extendedDiagnostics']);
    const figures = { checkMs: read(report, 'Check time') * 1_000, instantiations: read(report, 'Instantiations') };
    return { messages: procedures, figures };
  }
}

function runCompiler(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc ended with ${status}: ${stdout.slice(0, 2_000)}${stderr}`);
  return stdout;
}

/** A line such as `Check time:   2.15s`. */
function read(report: string, label: string): number {
  const value = Number.parseFloat(report.split(`${label}:`)[1] ?? '');
  if (Number.isNaN(value)) throw new Error(`tsc reported no ${label}`);
  return value;
}
