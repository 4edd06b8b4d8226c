import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { Relay } from '../../chat/test/relay.ts';
import { Contestant } from './contestant.ts';

const title = hasChromium ? 'the game' : `the game (skipped: there is no Chromium at ${chromiumPath})`;
const main = new URL('../server/main.ts', import.meta.url);
/** Nobody but those who join. */
const env = { MIN_PLAYERS: '0' };

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: ExampleServer;
  let contestants: Contestant[] = [];

  beforeAll(async () => {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error' });
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      ExampleServer.start({ main, env }),
    ]);
  });

  afterEach(async () => {
    const errors = contestants.flatMap((contestant) => contestant.errors);
    await Promise.all(contestants.map((contestant) => contestant.leave()));
    contestants = [];
    expect(errors).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  async function join(name: string, url = server.url, secret?: string): Promise<Contestant> {
    const contestant = await Contestant.join(browser, url, name, secret);
    contestants.push(contestant);
    return contestant;
  }

  /** Ben walks until he is at a wall, and Ann sees him there. */
  async function walkToTheWall(ben: Contestant, ann: Contestant, side: 'left' | 'right'): Promise<void> {
    const key = side === 'left' ? 'KeyA' : 'ArrowRight';
    await ben.page.keyboard.down(key);
    const isAtWall = async (viewer: Contestant): Promise<boolean> => {
      // Pillars are in the way: what goes along the wall gets there.
      const { x = 650 } = (await viewer.placeOf('Ben')) ?? {};
      return side === 'left' ? x < 330 : x > 970;
    };
    await expect.poll(() => isAtWall(ben), { timeout: 30_000 }).toBe(true);
    await expect.poll(() => isAtWall(ann), { timeout: 30_000 }).toBe(true);
    await ben.page.keyboard.up(key);
  }

  // Each has names of its own: the arena is one, and whoever has left may still be leaving.
  it('shows everybody where everybody goes', async () => {
    const [ann, ben] = await Promise.all([join('Ann'), join('Ben')]);
    await Promise.all([ann.rank('Ben').waitFor(), ben.rank('Ann').waitFor()]);
    await ben.page.keyboard.down('KeyW');
    await expect.poll(async () => ((await ann.placeOf('Ben')) ?? { y: 800 }).y, { timeout: 30_000 }).toBeLessThan(330);
    await walkToTheWall(ben, ann, 'left');
    await walkToTheWall(ben, ann, 'right');
    await ben.page.keyboard.up('KeyW');
    await ben.leave();
    await ann.rank('Ben').waitFor({ state: 'detached' });
  });

  it('plays on when the network is back, in the same place', async () => {
    const relay = await Relay.to(server.url);
    const [cid, dan] = await Promise.all([join('Cid'), join('Dan', relay.url)]);
    await cid.rank('Dan').waitFor();
    await dan.page.context().setOffline(true);
    relay.cut();
    await dan.page.getByText('Connection lost.').waitFor();
    await dan.page.context().setOffline(false);
    await dan.page.getByText('Connection lost.').waitFor({ state: 'hidden' });
    await dan.page.keyboard.down('KeyS');
    await expect.poll(async () => ((await cid.placeOf('Dan')) ?? { y: 0 }).y, { timeout: 30_000 }).toBeGreaterThan(500);
    await dan.page.keyboard.up('KeyS');
    relay.close();
  });

  it('has everybody back after the server was killed', async () => {
    const [eve, fay] = await Promise.all([join('Eve'), join('Fay')]);
    await eve.rank('Fay').waitFor();
    await server.end('SIGKILL');
    await Promise.all([eve, fay].map(({ page }) => page.getByText('Connection lost.').waitFor()));
    server = await ExampleServer.start({ main, env, port: server.port });
    await Promise.all([eve, fay].map(({ page }) => page.getByText('Connection lost.').waitFor({ state: 'hidden' })));
    await Promise.all([eve.rank('Fay').waitFor(), fay.rank('Eve').waitFor()]);
    await fay.page.keyboard.down('KeyS');
    await expect.poll(async () => ((await eve.placeOf('Fay')) ?? { y: 0 }).y, { timeout: 30_000 }).toBeGreaterThan(500);
  });

  it('is steered by the newest tab of one person', async () => {
    const secret = 'one and the same person';
    const first = await join('Gus', server.url, secret);
    const second = await join('Gus', server.url, secret);
    await first.page.getByText('You play in another tab now.').waitFor();
    await second.page.keyboard.down('KeyS');
    await expect
      .poll(async () => ((await second.placeOf('Gus')) ?? { y: 0 }).y, { timeout: 30_000 })
      .toBeGreaterThan(500);
  });
});
