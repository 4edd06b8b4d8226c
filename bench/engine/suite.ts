import { serverCpuPerMessage } from '../harness/figure.ts';
import type { BenchCase, Contender, Suite } from '../harness/suite.ts';
import type { EngineParams } from './engine-params.ts';

const ours = 'typewire';

const contenders: Contender[] = [contender(ours, 'typewire'), contender('ws', 'ws')];

const cases: BenchCase[] = [
  echo('echo 20 B, 32 in flight', { payloadBytes: 20, connections: 4, inFlightPerConnection: 32 }, 200_000, 10),
  echo('echo 1 KiB, 32 in flight', { payloadBytes: 1_024, connections: 4, inFlightPerConnection: 32 }, 100_000, 7),
  echo('echo 20 B, 1 in flight × 64', { payloadBytes: 20, connections: 64, inFlightPerConnection: 1 }, 40_000, 1),
  echo('echo 64 KiB binary', { kind: 'binary', payloadBytes: 65_536 }, 4_000, 2.7),
  echo('echo 1 MiB binary', { kind: 'binary', payloadBytes: 1_048_576 }, 400, 2.7),
  {
    name: 'connect',
    figure: serverCpuPerMessage,
    params: { ...base('connect'), connections: 16 } satisfies EngineParams,
    messagesPerRound: 2_000,
    targets: { ws: 1 },
  },
];

export const suite: Suite = { name: 'engine', ours, contenders, cases };

function echo(name: string, params: Partial<EngineParams>, messagesPerRound: number, target: number): BenchCase {
  return {
    name,
    figure: serverCpuPerMessage,
    params: { ...base('echo'), ...params } satisfies EngineParams,
    messagesPerRound,
    targets: { ws: target },
  };
}

function base(act: EngineParams['act']): EngineParams {
  return { act, kind: 'text', payloadBytes: 20, connections: 1, inFlightPerConnection: 1 };
}

function contender(name: string, folder: string): Contender {
  return {
    name,
    serverFile: new URL(`${folder}/server.ts`, import.meta.url),
    // One load for all: they speak the same protocol.
    loadFile: new URL('raw/load.ts', import.meta.url),
  };
}
