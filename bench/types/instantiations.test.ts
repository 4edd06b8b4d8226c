import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import type { Dialect } from './dialects.ts';
import { generateProject } from './generate.ts';

// Inside `bench`, so that the generated files find the packages where it does.
const root = fileURLToPath(new URL(`../.cache/instantiations-${process.pid}/`, import.meta.url));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What `tsc --extendedDiagnostics` prints; the compiler does not declare it. */
interface CountingProgram extends ts.Program {
  getInstantiationCount(): number;
}

/** Checks a generated program of this size against our sources, and counts the compiler's work. */
function instantiationsOf(dialect: Dialect, procedures: number): number {
  const folder = join(root, `${dialect}-${procedures}`);
  generateProject(folder, dialect, { procedures, called: procedures / 20 });
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const program = ts.createProgram(
    files.map((name) => join(folder, name)),
    { ...options, customConditions: ['@typewire/source'] },
  ) as CountingProgram;
  const problems = files.flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(join(folder, name))));
  expect(problems.map(({ messageText }) => messageText)).toEqual([]);
  return program.getInstantiationCount();
}

/** The work for a program of 1,000 procedures and a client that calls 50, drawn from two small ones. */
function instantiationsOf1000(dialect: Dialect): number {
  const [small, large] = [instantiationsOf(dialect, 40), instantiationsOf(dialect, 120)];
  return large + (880 * (large - small)) / 80;
}

it('costs the compiler at most 300,000 instantiations for 1,000 procedures, and less than half of tRPC', () => {
  const ours = instantiationsOf1000('typewire');
  expect(ours).toBeLessThan(300_000);
  expect(ours).toBeLessThan(instantiationsOf1000('tRPC') / 2);
}, 120_000);
