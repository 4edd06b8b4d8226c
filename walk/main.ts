import { join } from 'node:path';
import { inEmptyFolder, packAll } from './packed.ts';
import { readSteps } from './page.ts';
import { Reader } from './reader.ts';
import { type Registry, serveTarballs } from './registry.ts';
import { Visitors } from './visitors.ts';

// A newcomer's walk: follows the pages of the site from an empty folder, with the packages as they are published.
// `npm run walk` takes what CI has time for, `-- --all` every way, `-- --only=Vue,Hono` these. Build the packages before.
const all = process.argv.includes('--all');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const start = new URL('../docs/start.md', import.meta.url);
const startWays = ['React', 'Vue', 'Without a framework'];
const servers = new URL('../docs/guide/servers.md', import.meta.url);
const serverWays = ['Express', 'Fastify', 'Hono', 'Next.js', 'Nuxt', 'node:http'];

const nodeMajor = Number(process.versions.node.split('.')[0]);

const walks = [
  ...startWays.map((way) => ({ way, inCi: way === 'React', walk: walkStart })),
  ...serverWays.map((way) => ({ way, inCi: false, walk: walkServer })),
];

const twoClients = `
import { createClient } from '@typewire/client';
const url = process.argv[2];
const [one, other] = [createClient({ url }), createClient({ url })];
const lobby = other.api.room.subscribe({ room: 'lobby' });
const heard = new Promise((resolve) => lobby.on('event', resolve));
await new Promise((resolve) => lobby.on('status', ({ state }) => state === 'live' && resolve()));
await one.api.say.mutate({ room: 'lobby', text: 'Hello' });
const { text, at } = await heard;
if (text !== 'Hello' || !(at instanceof Date)) throw new Error('it heard ' + JSON.stringify({ text, at }));
await Promise.all([one.close(), other.close()]);
`;

await inEmptyFolder(async (folder) => {
  const registry = await serveTarballs(await packAll(folder));
  try {
    for (const { way, inCi, walk } of walks) {
      if (only === undefined ? !all && !inCi : !only.includes(way)) continue;
      const began = performance.now();
      await walk(way, join(folder, way.replaceAll(/\W+/g, '-').toLowerCase()), registry);
      console.log(`${way}: walked, in ${Math.round((performance.now() - began) / 1_000)} s`);
    }
  } finally {
    registry.close();
  }
});

/** From the empty folder to two tabs that see each other's messages, over the end of a server, to the page as it is built. */
async function walkStart(way: string, folder: string, registry: Registry): Promise<void> {
  const reader = await Reader.create(folder, registry.npmrc);
  try {
    await reader.follow(readSteps(start, startWays, way));
    const served = reader.terminal(/main\.ts/).says(/Listening on (\S+)/);
    await served;
    await visit(await reader.terminal(/npm run dev/).says(/Local: +(\S+)/), async (visitors) => {
      await visitors.see('Connection: open');
      await visitors.talk('Hello from an empty folder');
      await reader.restart(/main\.ts/);
      await visitors.see('Connection: reconnecting');
      await visitors.see('Connection: open');
      await visitors.talk('Hello again');
    });
    await visit(await served, (visitors) => visitors.talk('Hello, built'), true);
  } finally {
    await reader.leave();
  }
}

/** One recipe of the page about servers: its routes answer, and an event goes from one client to another. */
async function walkServer(way: string, folder: string, registry: Registry): Promise<void> {
  const reader = await Reader.create(folder, registry.npmrc);
  try {
    // What Nuxt shrinks style sheets with asks for a newer Node than we do.
    if (way === 'Nuxt' && nodeMajor < 22) await reader.write('.nuxtrc', 'postcss.plugins.cssnano=false\n');
    await reader.follow(readSteps(servers, serverWays, way));
    const address = await reader.terminal(/server\/main/).says(/Listening on (\S+)/);
    const said = await (await fetch(address)).text();
    if (way === 'Next.js' || way === 'Nuxt') {
      if (!/Connection: (?:<!-- -->)?connecting/.test(said)) throw new Error(`the server renders ${said}`);
      return await visit(address, (visitors) => visitors.talk(`Hello from ${way}`), true);
    }
    if (said !== `Hello from ${way}`) throw new Error(`the routes say ${said}`);
    await reader.write('two-clients.js', twoClients);
    await reader.run(`node two-clients.js ${address}/wire`);
  } finally {
    await reader.leave();
  }
}

async function visit(address: string, work: (visitors: Visitors) => Promise<void>, quietly = false): Promise<void> {
  const visitors = await Visitors.come(address);
  try {
    await work(visitors);
    if (quietly && visitors.errors.length > 0) throw new Error(`in the console: ${visitors.errors.join('\n')}`);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nin the console: ${visitors.errors.join('\n')}`, { cause: error });
  } finally {
    await visitors.leave();
  }
}
