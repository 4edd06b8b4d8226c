import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWire } from '@typewire/server';
import { type Listening, listen } from '@typewire/server/node';
import { type Browser, chromium } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { api } from '../server/api.ts';
import { authenticate } from '../server/authenticate.ts';
import { Person } from './person.ts';

const HELLO = 1;
const SUBSCRIBE = 32;
const UNSUBSCRIBE = 34;
const WATCH = 41;
const UNWATCH = 42;
const EXIT = 44;

/** What a page that leaks, or that lets go too early, would send more of. To say once more who it is, it may. */
const counted = [HELLO, SUBSCRIBE, UNSUBSCRIBE, WATCH, UNWATCH, EXIT];

const example = fileURLToPath(new URL('..', import.meta.url));

let folder: string;
let listening: Listening;
let server: ViteDevServer;
let browser: Browser;

/** A copy of the pages, to be edited, below the example: what it depends on is found from there. */
async function copyPages(): Promise<string> {
  const cache = join(example, '.cache');
  await mkdir(cache, { recursive: true });
  const copy = await mkdtemp(join(cache, 'hot-'));
  for (const name of ['client', 'react', 'vue', 'server']) {
    await cp(join(example, name), join(copy, name), { recursive: true });
  }
  return copy;
}

beforeAll(async () => {
  if (!hasChromium) return;
  folder = await copyPages();
  listening = await listen(createWire({ router: api, authenticate }), { port: 0 });
  server = await createServer({
    configFile: join(example, 'vite.config.ts'),
    root: folder,
    cacheDir: join(folder, '.vite'),
    // It would report each page that is closed with its socket open; what goes wrong in a page is asserted below.
    logLevel: 'silent',
    // Found while the page runs they would have it loaded anew.
    optimizeDeps: { include: ['react/jsx-dev-runtime', 'react-dom/client', 'vue'] },
    server: { port: 0, proxy: { '/wire': { target: `ws://localhost:${listening.port}`, ws: true } } },
  });
  await server.listen();
  browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await listening?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** As somebody who writes a file does, at once: all replacements are one change. */
async function edit(path: string, ...replacements: ReadonlyArray<readonly [from: string, to: string]>): Promise<void> {
  const file = join(folder, path);
  let source = await readFile(file, 'utf8');
  for (const [from, to] of replacements) {
    expect(source).toContain(from);
    source = source.replace(from, to);
  }
  await writeFile(file, source);
}

describe.skipIf(!hasChromium).each([
  {
    framework: 'React',
    page: 'react/',
    list: 'react/message-list.tsx',
    chat: 'react/chat.tsx',
    // Another hook: fast refresh takes the component for another one, and mounts it and all below it anew.
    state: ['const drawer =', "useState('another hook');\n  const drawer ="],
    root: ['id="app" data-connection', 'id="app" data-edited data-connection'],
  },
  {
    framework: 'Vue',
    page: 'vue/',
    list: 'vue/MessageList.vue',
    chat: 'vue/ChatPage.vue',
    // A changed script: Vue mounts the component and all below it anew.
    state: ['const isRenaming =', "ref('another state');\nconst isRenaming ="],
    root: ['id="app" class', 'id="app" data-edited class'],
  },
] as const)('a page in $framework on the development server', ({ framework, page, list, chat, state, root }) => {
  it('keeps its connection and what it follows while its components are edited', async () => {
    const url = `${server.resolvedUrls?.local[0]}${page}`;
    const [ann, ben] = await Promise.all([
      Person.join(browser, url, 'Ann', framework),
      Person.join(browser, url, 'Ben', framework),
    ]);
    await ann.page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await ben.member('Ann').waitFor();
    await ben.say('before');
    await ann.message('before').waitFor();
    const sent = () => ann.sent.filter((type) => counted.includes(type));
    await expect.poll(sent).toEqual([HELLO, SUBSCRIBE, WATCH]);

    await edit(list, ['id="rows"', 'id="rows" data-edited']);
    await ann.page.locator('#rows[data-edited]').waitFor();
    await ben.say('between');
    await ann.message('between').waitFor();
    expect(sent()).toEqual([HELLO, SUBSCRIBE, WATCH]);

    await edit(chat, state, root);
    await ann.page.locator('#app[data-edited]').waitFor();
    await ben.say('after');
    await ann.message('after').waitFor();
    expect(sent()).toEqual([HELLO, SUBSCRIBE, WATCH]);
    expect(await ben.members.allTextContents()).toHaveLength(2);
    expect(await ann.page.locator('.bubble').allTextContents()).toEqual(['before', 'between', 'after']);
    expect(await ann.page.evaluate(() => Object.hasOwn(window, 'isTheSamePage'))).toBe(true);
    expect([...ann.errors, ...ben.errors]).toEqual([]);
    await Promise.all([ann.leave(), ben.leave()]);
  });
});
