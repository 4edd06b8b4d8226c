import { writeFile } from 'node:fs/promises';
import { separateCores } from './affinity.ts';
import type { BenchRequest } from './arguments.ts';
import { compare } from './comparison.ts';
import { type CompiledContender, compile } from './compile.ts';
import { runCase } from './run-case.ts';
import type { Suite } from './suite.ts';
import { formatTable, type TableLine } from './table.ts';

const quickShare = 0.25;

/** Measures, prints and writes. Resolves to whether everything asked for, ours included, ran. */
export async function runSuite(suite: Suite, request: BenchRequest): Promise<boolean> {
  const cores = request.pin === 'none' ? { server: null, load: null } : separateCores();
  const lines: TableLine[] = [];
  const contenders = await compileAll(suite);
  let complete = contenders.length === suite.contenders.length;
  for (const subject of suite.cases.filter(({ name }) => name.includes(request.caseFilter))) {
    const takesPart = ({ name }: CompiledContender) => name === suite.ours || Object.hasOwn(subject.targets, name);
    console.error(`${suite.name}: ${subject.name}, ${request.rounds} rounds`);
    try {
      const figures = await runCase({
        subject,
        contenders: contenders.filter(takesPart),
        rounds: request.rounds,
        messages: Math.ceil(subject.messagesPerRound * (request.quick ? quickShare : 1)),
        cores,
      });
      const comparisons = compare(subject, suite.ours, figures);
      lines.push(...comparisons.map((comparison) => ({ figure: subject.figure.label, comparison })));
    } catch (error) {
      // The other cases are still worth their minute.
      console.error(error);
      complete = false;
    }
  }
  console.log(formatTable(lines));
  if (request.jsonFile !== null) await writeRows(request.jsonFile, lines);
  return complete;
}

/** A peer that does not build is an error; ours may be in the middle of a change, and the peers are still of use. */
async function compileAll(suite: Suite): Promise<CompiledContender[]> {
  const compiled: CompiledContender[] = [];
  for (const contender of suite.contenders) {
    if (contender.missing !== undefined) {
      console.error(`${contender.name} sits out: ${contender.missing} is not installed (see bench/README.md)`);
      continue;
    }
    try {
      compiled.push(await compile(suite.name, contender));
    } catch (error) {
      if (contender.name !== suite.ours) throw error;
      console.error(`${contender.name} skipped, it does not build: ${firstLine(error)}`);
    }
  }
  return compiled;
}

async function writeRows(file: string, lines: readonly TableLine[]): Promise<void> {
  const rows = lines.map(({ comparison }) => comparison.row);
  await writeFile(file, `${JSON.stringify(rows, null, 2)}\n`);
}

function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  return lines.slice(0, 2).join(' ');
}
