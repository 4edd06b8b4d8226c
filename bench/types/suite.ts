import { type Figure, typeCheckTime, typeInstantiations } from '../harness/figure.ts';
import type { BenchCase, Contender, Suite } from '../harness/suite.ts';

const ours = 'typewire';

const contenders: Contender[] = [contender(ours, 'typewire'), contender('tRPC', 'trpc'), contender('zod alone', 'zod')];

const cases: BenchCase[] = [
  check('1,000 procedures', typeCheckTime, 1_000, 2),
  // What remains is mostly what zod itself needs for the inputs of handlers: see the row of zod alone.
  check('1,000 procedures, work', typeInstantiations, 1_000, 2),
  check('3,000 procedures', typeCheckTime, 3_000, 2),
];

export const suite: Suite = { name: 'types', ours, contenders, cases };

function check(name: string, figure: Figure, procedures: number, target: number): BenchCase {
  return {
    name,
    figure,
    params: null,
    messagesPerRound: procedures,
    targets: { tRPC: target, 'zod alone': null },
  };
}

function contender(name: string, folder: string): Contender {
  return {
    name,
    serverFile: new URL('nothing/server.ts', import.meta.url),
    loadFile: new URL(`${folder}/load.ts`, import.meta.url),
  };
}
