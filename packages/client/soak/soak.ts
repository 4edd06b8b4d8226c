import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@typewire/testing';
import { breakThings } from './chaos.ts';
import { allFaults, startFaultyProxy } from './faulty-proxy.ts';
import { HeapWatch } from './heap-watch.ts';
import { Ledger, readLedger } from './ledger.ts';
import { Servers } from './servers.ts';
import { SoakClient } from './soak-client.ts';
import type { SoakServer } from './soak-server.ts';
import { compareLedgers } from './verdict.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly clients: number;
  /** Mean of the bytes that pass through a connection before it breaks. */
  readonly meanBytes: number;
}

export interface SoakReport {
  /** Name and figure of everything that was counted. */
  readonly lines: readonly (readonly [name: string, figure: string])[];
  readonly violations: readonly string[];
}

/** Growth of the heap, garbage collected, above which something leaks. Warm code and caches stay far below it. */
const MAX_HEAP_GROWTH_BYTES = 32 * 1024 * 1024;

/** Loads a server through a network that breaks, kills and drains it meanwhile, and compares what both sides know. */
export async function runSoak({ seconds, seed, clients: size, meanBytes }: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'typewire-soak-'));
  const [calledFile, ranFile] = [join(folder, 'called'), join(folder, 'ran')];
  const violations: string[] = [];
  const report = (violation: string): void => void violations.push(violation);
  const random = seededRandom(seed);
  const ledger = new Ledger(calledFile);
  const servers = new Servers(ranFile, report);
  const proxy = await startFaultyProxy(await servers.next(), { seed, meanBytes, faults: allFaults, maxStallMs: 1_500 });
  const clients = Array.from(
    { length: size },
    (_, index) =>
      new SoakClient({
        index,
        clients: size,
        url: `ws://127.0.0.1:${proxy.port}`,
        random: seededRandom(seed * 1_000 + index),
        ledger,
        report,
      }),
  );
  const heap = new HeapWatch();
  try {
    for (const client of clients) client.start();
    const chaos = await breakThings(seconds * 1_000, proxy, servers, random, heap);
    proxy.heal();
    await Promise.all(clients.map((client) => client.stop()));
    const { current } = servers;
    const seq = await current.quiet();
    await Promise.all(clients.map((client) => client.reach(current.number, seq)));
    heap.sample();
    await Promise.all(clients.map((client) => client.close()));
    await comeToRest(current, report);
    ledger.close();

    const verdict = compareLedgers(readLedger(calledFile), readLedger(ranFile));
    if (heap.growthBytes > MAX_HEAP_GROWTH_BYTES) report(`the clients' heap grew by ${heap.growthBytes} bytes`);
    const settled = sum(clients.map((client) => client.settled));
    const lines: Array<[string, string]> = [
      ['mutations', `${verdict.called}: ${list(verdict.outcomes)}`],
      ['calls settled', list(settled)],
      ['events', `${clients.reduce((total, { events }) => total + events, 0)}`],
      ['gaps told', `${clients.reduce((total, { gaps }) => total + gaps, 0)}`],
      ['sessions', list(sum(clients.map((client) => client.sessions)))],
      ['faults', list(proxy.struck)],
      ['servers', `${servers.current.number}: ${list(chaos)}`],
      ['heap of the clients', `${heap.describe()}`],
    ];
    return { lines, violations: [...violations, ...verdict.violations] };
  } finally {
    await proxy.close();
    await servers.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everybody has left: nothing may run, and nothing be kept. */
async function comeToRest(server: SoakServer, report: (violation: string) => void): Promise<void> {
  let state = await server.state();
  for (let turn = 0; turn < 250; turn++) {
    if (state.running === 0 && state.sessions === 0 && state.connections === 0) return;
    await pause(20);
    state = await server.state();
  }
  const { running, sessions, connections } = state;
  report(`the server has ${running} handlers, ${sessions} sessions and ${connections} connections without a client`);
}

function sum(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const counts of all) for (const [name, count] of counts) total.set(name, (total.get(name) ?? 0) + count);
  return total;
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}
