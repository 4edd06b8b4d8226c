import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import type { Contender } from './suite.ts';

/** Inside `bench`, so that the compiled files find the peers where the sources do. */
const outputRoot = fileURLToPath(new URL(`../.cache/${process.pid}/`, import.meta.url));
const manifestFile = new URL('../package.json', import.meta.url);

process.once('exit', () => rmSync(outputRoot, { recursive: true, force: true }));

export interface CompiledContender {
  name: string;
  serverFile: string;
  loadFile: string;
  serverRuntime: string;
  serverEnv: Readonly<Record<string, string>>;
}

/**
 * Turns a contender's two programs into JavaScript with the build tool the packages ship with.
 *
 * The children do not run under a loader because a loader's output is not what users run: tsx wraps every
 * inner function in a call that keeps its name, and only our side, being TypeScript, would pay for it.
 */
export async function compile(suite: string, contender: Contender): Promise<CompiledContender> {
  const outDir = join(outputRoot, suite, contender.name.replaceAll(/[^a-z0-9-]+/gi, '-'));
  await build({
    entry: { server: fileURLToPath(contender.serverFile), load: fileURLToPath(contender.loadFile) },
    outDir,
    format: ['esm'],
    target: 'es2022',
    external: await peerPackages(),
    // Our own packages come from their sources; nothing has to be built before a bench.
    esbuildOptions: (options) => {
      options.conditions = ['@typewire/source'];
      options.logLevel = 'silent';
    },
    config: false,
    silent: true,
  });
  return {
    name: contender.name,
    serverFile: join(outDir, 'server.js'),
    loadFile: join(outDir, 'load.js'),
    serverRuntime: contender.serverRuntime ?? process.execPath,
    serverEnv: contender.serverEnv ?? {},
  };
}

/** The peers run as they were installed. */
async function peerPackages(): Promise<RegExp[]> {
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as { dependencies: Record<string, string> };
  return Object.keys(manifest.dependencies)
    .filter((name) => !name.startsWith('@typewire/'))
    .map((name) => new RegExp(`^${name}(/|$)`));
}
