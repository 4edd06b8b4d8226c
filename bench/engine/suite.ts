import { createRequire } from 'node:module';
import { bun } from '../harness/bun-runtime.ts';
import { serverCpuPerMessage, serverGrowthPerMessage } from '../harness/figure.ts';
import type { BenchCase, Contender, Suite } from '../harness/suite.ts';
import type { EchoParams, EngineParams } from './engine-params.ts';

const ours = 'typewire';

const contenders: Contender[] = [
  contender(ours, 'typewire'),
  // `ws` takes the addon wherever it finds it, and this one is the plain one.
  contender('ws', 'ws'),
  {
    ...contender('ws + bufferutil', 'ws'),
    serverEnv: { WS_NO_BUFFER_UTIL: '' },
    ...(isInstalled('bufferutil') ? {} : { missing: 'bufferutil' }),
  },
  { ...contender('Bun', 'bun'), ...bun },
  { ...contender('raw TCP', 'raw-tcp'), loadFile: new URL('raw-tcp/load.ts', import.meta.url) },
];

const cases: BenchCase[] = [
  echo('echo 20 B, 32 in flight', { payloadBytes: 20, connections: 4, inFlightPerConnection: 32 }, 200_000, {
    ws: 10,
    Bun: 0.8,
    'raw TCP': null,
  }),
  echo('echo 1 KiB, 32 in flight', { payloadBytes: 1_024, connections: 4, inFlightPerConnection: 32 }, 100_000, {
    ws: 7,
    Bun: 0.8,
    'raw TCP': null,
  }),
  echo('echo 20 B, 1 in flight × 64', { payloadBytes: 20, connections: 64 }, 40_000, {
    ws: 1,
    Bun: null,
    'raw TCP': null,
  }),
  echo('echo 64 KiB binary', { kind: 'binary', payloadBytes: 65_536 }, 4_000, {
    ws: 2.7,
    'ws + bufferutil': 1,
    Bun: null,
    'raw TCP': null,
  }),
  echo('echo 1 MiB binary', { kind: 'binary', payloadBytes: 1_048_576 }, 400, {
    ws: 2.7,
    'ws + bufferutil': 1,
    Bun: null,
    'raw TCP': null,
  }),
  broadcast('100 B to 1,000, ten at once', 1_000),
  broadcast('100 B to 5,000, ten at once', 5_000),
  {
    name: 'connect',
    figure: serverCpuPerMessage,
    params: { act: 'connect', atOnce: 16 } satisfies EngineParams,
    messagesPerRound: 2_000,
    targets: { ws: 1, Bun: null },
  },
  {
    name: 'idle connection',
    figure: serverGrowthPerMessage,
    params: { act: 'hold', payloadBytes: 20 } satisfies EngineParams,
    messagesPerRound: 1_000,
    targets: { ws: null, Bun: null, 'raw TCP': null },
    goal: 8,
  },
];

export const suite: Suite = { name: 'engine', ours, contenders, cases };

function echo(
  name: string,
  params: Partial<EchoParams>,
  messagesPerRound: number,
  targets: BenchCase['targets'],
): BenchCase {
  const base: EchoParams = { act: 'echo', kind: 'text', payloadBytes: 20, connections: 1, inFlightPerConnection: 1 };
  return {
    name,
    figure: serverCpuPerMessage,
    params: { ...base, ...params } satisfies EngineParams,
    messagesPerRound,
    targets,
  };
}

function broadcast(name: string, connections: number): BenchCase {
  return {
    name,
    figure: serverCpuPerMessage,
    params: { act: 'broadcast', payloadBytes: 100, connections, messagesAtOnce: 10 } satisfies EngineParams,
    messagesPerRound: 100_000,
    targets: { ws: 2.5, Bun: 0.9 },
  };
}

function contender(name: string, folder: string): Contender {
  return {
    name,
    serverFile: new URL(`${folder}/server.ts`, import.meta.url),
    // One load for all: they speak the same protocol.
    loadFile: new URL('raw/load.ts', import.meta.url),
  };
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
