import { bun } from '../harness/bun-runtime.ts';
import { type Figure, serverCpuPerMessage, serverGrowthPerMessage } from '../harness/figure.ts';
import type { BenchCase, Contender, Suite } from '../harness/suite.ts';
import type { FanParams } from './fan-params.ts';

const ours = 'typewire';
const unaimed = { 'ws by hand': null, 'socket.io': null, 'Bun publish': null };

const contenders: Contender[] = [
  contender(ours, 'typewire'),
  contender('ws by hand', 'hand-written'),
  contender('socket.io', 'socket-io'),
  // Its server is a program of its own; the clients are those of the hand-written one.
  { ...contender('Bun publish', 'bun', 'hand-written'), ...bun },
];

const cases: BenchCase[] = [
  fanOut('100 B to 1,000', 1_000, 10, { 'ws by hand': 2.5, 'socket.io': 3, 'Bun publish': 0.9 }),
  fanOut('100 B to 5,000', 5_000, 10, { 'ws by hand': 2.5, 'socket.io': 3, 'Bun publish': 0.9 }),
  // Bound by the system call that each delivery needs by itself.
  fanOut('100 B to 1,000, one event at a time', 1_000, 1, unaimed),
  { ...growth('idle connection, session and one subscription', { measure: 'connections' }, 1_000), goal: 12 },
  growth('100,000 topics, 100 a connection', { measure: 'topics', perConnection: 100 }, 25_000),
];

export const suite: Suite = { name: 'fanout', ours, contenders, cases };

function fanOut(name: string, subscribers: number, eventsAtOnce: number, targets: BenchCase['targets']): BenchCase {
  return {
    name,
    figure: serverCpuPerMessage,
    params: { measure: 'deliveries', subscribers, eventsAtOnce } satisfies FanParams,
    messagesPerRound: 100_000,
    targets,
  };
}

/** Each round adds to what the rounds before have left open. */
function growth(name: string, params: FanParams, messagesPerRound: number): BenchCase {
  const figure: Figure = serverGrowthPerMessage;
  return {
    name,
    figure,
    params,
    messagesPerRound,
    targets: unaimed,
  };
}

function contender(name: string, serverFolder: string, loadFolder: string = serverFolder): Contender {
  return {
    name,
    serverFile: new URL(`${serverFolder}/server.ts`, import.meta.url),
    loadFile: new URL(`${loadFolder}/load.ts`, import.meta.url),
  };
}
