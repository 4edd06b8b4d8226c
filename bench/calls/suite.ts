import { latencyP50, serverCpuPerMessage } from '../harness/figure.ts';
import type { BenchCase, Contender, Suite } from '../harness/suite.ts';
import type { CallParams } from './call-params.ts';

const ours = 'typewire';

/** Every peer is called through its own client: a call is what both ends make of it. */
const contenders: Contender[] = [
  contender(ours, 'typewire'),
  contender('ws by hand', 'hand-written'),
  contender('tRPC', 'trpc'),
  contender('oRPC', 'orpc'),
  contender('socket.io', 'socket-io'),
];

const busy = { clients: 50, inFlightPerClient: 20 };

const cases: BenchCase[] = [
  {
    name: 'call add',
    figure: serverCpuPerMessage,
    params: { procedure: 'add', ...busy } satisfies CallParams,
    messagesPerRound: 40_000,
    targets: { 'ws by hand': 2.5, tRPC: 8, oRPC: 10, 'socket.io': 3 },
  },
  {
    name: 'call, 1 KiB object',
    figure: serverCpuPerMessage,
    params: { procedure: 'echo', ...busy } satisfies CallParams,
    messagesPerRound: 20_000,
    targets: { 'ws by hand': 1.4, tRPC: 2.5, oRPC: null, 'socket.io': null },
  },
  {
    name: 'one call at a time',
    figure: latencyP50,
    params: { procedure: 'add', clients: 1, inFlightPerClient: 1 } satisfies CallParams,
    messagesPerRound: 2_000,
    // At most 1.15 times the hand-written latency, written as theirs / ours.
    targets: { 'ws by hand': 0.87, tRPC: null, oRPC: null, 'socket.io': null },
  },
];

export const suite: Suite = { name: 'calls', ours, contenders, cases };

function contender(name: string, folder: string): Contender {
  return {
    name,
    serverFile: new URL(`${folder}/server.ts`, import.meta.url),
    loadFile: new URL(`${folder}/load.ts`, import.meta.url),
  };
}
