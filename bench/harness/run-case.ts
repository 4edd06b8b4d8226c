import type { Cores } from './affinity.ts';
import { BenchChild } from './bench-child.ts';
import type { FiguresByContender } from './comparison.ts';
import type { CompiledContender } from './compile.ts';
import type { Sample } from './figure.ts';
import { rotate } from './rotate.ts';
import type { BenchCase } from './suite.ts';

interface CasePlan {
  subject: BenchCase;
  contenders: readonly CompiledContender[];
  rounds: number;
  messages: number;
  cores: Cores;
}

interface Pair {
  name: string;
  server: BenchChild;
  load: BenchChild;
}

/**
 * All contenders are up for the whole case and take turns within each round, so that a busy minute of the
 * machine falls on all of them alike. Round 0 warms the compilers and is not counted.
 */
export async function runCase(plan: CasePlan): Promise<FiguresByContender> {
  const pairs: Pair[] = plan.contenders.map(({ name, serverFile, loadFile, serverRuntime, serverEnv }) => ({
    name,
    server: new BenchChild(`${name} server`, serverFile, plan.cores.server, serverRuntime, serverEnv),
    load: new BenchChild(`${name} load`, loadFile, plan.cores.load),
  }));
  try {
    for (const pair of pairs) await start(pair, plan.subject.params);
    const figures = new Map<string, number[]>(pairs.map(({ name }) => [name, []]));
    for (let round = 0; round <= plan.rounds; round++) {
      for (const pair of rotate(pairs, round)) {
        const sample = await measure(pair, plan.messages, plan.subject.figure.needsGrowth === true);
        if (round > 0) figures.get(pair.name)?.push(plan.subject.figure.read(sample));
      }
    }
    return figures;
  } finally {
    await Promise.all(pairs.flatMap(({ server, load }) => [server.end(), load.end()]));
  }
}

async function start({ server, load }: Pair, params: unknown): Promise<void> {
  const { port } = await server.ask({ type: 'start', params, port: 0 }, 'ready');
  await load.ask({ type: 'start', params, port }, 'ready');
}

async function measure({ name, server, load }: Pair, messages: number, needsGrowth: boolean): Promise<Sample> {
  const collect = async () => (needsGrowth ? (await server.ask({ type: 'collect' }, 'collected')).residentBytes : 0);
  const residentBefore = await collect();
  await server.ask({ type: 'cpu' }, 'cpu'); // what was spent while the others ran is not this round's
  const done = await load.ask({ type: 'run', messages }, 'done');
  const cpu = await server.ask({ type: 'cpu' }, 'cpu');
  if (done.messages < messages) throw new Error(`${name}: ${done.messages} of ${messages} messages came through`);
  return {
    messages: done.messages,
    serverCpuUs: cpu.cpuUs,
    serverResidentBytes: cpu.residentBytes,
    serverGrowthBytes: (await collect()) - residentBefore,
    loadFigures: done.figures,
  };
}
