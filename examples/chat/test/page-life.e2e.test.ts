import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWire, type Wire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import puppeteer, { type Browser } from 'puppeteer-core';
import sirv from 'sirv';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { firefoxPath, hasFirefox } from '../../../vitest.firefox.ts';
import { api, room } from '../server/api.ts';
import { authenticate } from '../server/authenticate.ts';
import { buildPage } from './build-page.ts';
import { Relay } from './relay.ts';
import { Visitor } from './visitor.ts';

const main = new URL('../server/main.ts', import.meta.url);

let server: ExampleServer;
let browser: Browser;
let visitors: Visitor[] = [];

beforeAll(async () => {
  await buildPage();
  server = await ExampleServer.start({ main });
});

afterEach(async () => {
  await Promise.all(visitors.map((visitor) => visitor.leave()));
  visitors = [];
});

afterAll(() => server?.end('SIGKILL'));

async function joinBoth(room: string, url = server.url): Promise<[Visitor, Visitor]> {
  const ann = await Visitor.join(browser, server.url, 'Ann', room);
  const ben = await Visitor.join(browser, url, 'Ben', room);
  visitors.push(ann, ben);
  await ann.sees('#members .member-name', 'Ben');
  return [ann, ben];
}

const inChromium = hasChromium
  ? 'a page in Chromium'
  : `a page in Chromium (skipped: there is none at ${chromiumPath})`;

describe.skipIf(!hasChromium)(inChromium, () => {
  beforeAll(async () => {
    browser = await puppeteer.launch({
      executablePath: chromiumPath,
      // A hidden page has its timers once a second, and once a minute after five minutes: here that may begin after a second.
      args: [...chromiumArguments, '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1'],
      // What users have, and automation turns off.
      ignoreDefaultArgs: [
        '--disable-back-forward-cache',
        '--disable-background-timer-throttling',
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
      ],
    });
  });

  afterAll(() => browser?.close());

  /** What each connection from here on was welcomed with: whether its session goes on. */
  async function followWelcomes({ page }: Visitor): Promise<string[]> {
    const outcomes: string[] = [];
    const devtools = await page.createCDPSession();
    await devtools.send('Network.enable');
    devtools.on('Network.webSocketFrameReceived', ({ response }) => {
      const outcome = /^\[2,.*"outcome":"(\w+)"/.exec(response.payloadData)?.[1];
      if (outcome !== undefined) outcomes.push(outcome);
    });
    return outcomes;
  }

  it('comes back from the back/forward cache with its session, and was not seen leaving', async () => {
    const [ann, ben] = await joinBoth('cache');
    const welcomes = await followWelcomes(ben);
    await ben.page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await ben.page.goto('about:blank');
    await ann.say('while you were away');
    await ann.hears('while you were away');
    await Promise.all([ben.page.waitForNavigation(), ben.page.evaluate(() => history.back())]);
    await ben.hears('while you were away');
    expect(await ben.page.evaluate(() => Object.hasOwn(window, 'isTheSamePage'))).toBe(true);
    expect(welcomes).toEqual(['resumed']);
    await ben.say('and back');
    await ann.hears('and back');
  });

  it('goes on with its session after it was frozen', async () => {
    const [ann, ben] = await joinBoth('freezer');
    const welcomes = await followWelcomes(ben);
    await ben.hide();
    const devtools = await ben.page.createCDPSession();
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await ann.page.bringToFront();
    await ann.say('nobody at home');
    await ann.hears('nobody at home');
    await ben.page.bringToFront();
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await ben.hears('nobody at home');
    expect(welcomes).toEqual(['resumed']);
  });

  it('keeps its connection while another tab is before it, and is brought what is sent', async () => {
    const [ann, ben] = await joinBoth('behind');
    const welcomes = await followWelcomes(ben);
    await ben.hide();
    await ann.page.bringToFront();
    for (const text of ['one', 'two', 'three']) await ann.say(text);
    await ann.hears('three');
    expect(await ben.page.evaluate(() => document.visibilityState)).toBe('hidden');
    await ben.page.bringToFront();
    await ben.hears('three');
    expect(await ben.bubbles()).toEqual(['one', 'two', 'three']);
    expect(welcomes).toEqual([]);
  });

  describe('whose timers are held back, because nobody looks at it', () => {
    let wire: Wire;
    let http: Server;
    let relay: Relay;

    beforeAll(async () => {
      wire = createWire({ router: api, authenticate, heartbeat: { intervalMs: 200, timeoutMs: 20_000 } });
      http = createServer(sirv(fileURLToPath(new URL('../dist', import.meta.url))));
      attach(http, wire, { path: '/wire' });
      await once(http.listen(0), 'listening');
      relay = await Relay.to(`http://localhost:${(http.address() as AddressInfo).port}`);
    });

    afterAll(() => {
      relay.close();
      http.close();
    });

    /** Joins, and is hidden until its own timer of 100 ms fires less often than it answers heartbeats, of at least 200 ms. */
    async function joinHeldBack(room: string): Promise<[Visitor, welcomes: string[]]> {
      const ben = await Visitor.join(browser, relay.url, 'Ben', room);
      visitors.push(ben);
      const welcomes = await followWelcomes(ben);
      const devtools = await ben.page.createCDPSession();
      let answers = 0;
      await devtools.send('Network.enable');
      devtools.on('Network.webSocketFrameSent', ({ response }) => {
        if (response.payloadData.startsWith('[10')) answers++;
      });
      await ben.page.evaluate(() => {
        let ticks = 0;
        const tick = () => {
          Object.assign(window, { ticks: ++ticks });
          setTimeout(tick, 100);
        };
        tick();
      });
      await ben.hide();
      let ticksOfTenAnswers = Number.POSITIVE_INFINITY;
      while (ticksOfTenAnswers >= 10) {
        const ticks = await ben.page.evaluate(() => Number(Reflect.get(window, 'ticks')));
        const until = answers + 10;
        await expect.poll(() => answers, { timeout: 30_000 }).toBeGreaterThanOrEqual(until);
        ticksOfTenAnswers = (await ben.page.evaluate(() => Number(Reflect.get(window, 'ticks')))) - ticks;
      }
      return [ben, welcomes];
    }

    it('answers the heartbeat of the server all the same', async () => {
      const [ben, welcomes] = await joinHeldBack('held-back');
      await wire.publish(room({ room: 'held-back' }), { id: '1', from: 'Ann', text: 'are you there?', at: new Date() });
      expect(await ben.page.evaluate(() => document.visibilityState)).toBe('hidden');
      await ben.page.bringToFront();
      await ben.hears('are you there?');
      expect(welcomes).toEqual([]);
    });

    it('is brought what it missed while its network was gone, and shows it to whoever comes back', async () => {
      const [ben, welcomes] = await joinHeldBack('cut');
      relay.cut();
      await wire.publish(room({ room: 'cut' }), { id: '1', from: 'Ann', text: 'meanwhile', at: new Date() });
      await ben.page.bringToFront();
      await ben.hears('meanwhile');
      expect(await ben.bubbles()).toEqual(['meanwhile']);
      expect(welcomes).toEqual(['resumed']);
    });
  });
});

const inFirefox = hasFirefox ? 'a page in Firefox' : `a page in Firefox (skipped: there is none at ${firefoxPath})`;

describe.skipIf(!hasFirefox)(inFirefox, () => {
  beforeAll(async () => {
    browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath });
  });

  afterAll(() => browser?.close());

  it('talks, and is brought what it missed while its network was gone', async () => {
    const relay = await Relay.to(server.url);
    const [ann, ben] = await joinBoth('firefox', relay.url);
    await ann.say('hello');
    await ben.hears('hello');
    await ben.say('hello yourself');
    await ann.hears('hello yourself');

    relay.cut();
    await ann.say('meanwhile');
    await ben.hears('meanwhile');
    await ben.say('still here');
    await ann.hears('still here');
    expect(await ben.bubbles()).toEqual(['hello', 'hello yourself', 'meanwhile', 'still here']);
    relay.close();
  });

  it('shows the newest after it went elsewhere and came back', async () => {
    const [ann, ben] = await joinBoth('firefox-back');
    await ben.page.goto('about:blank');
    await ann.say('while you were away');
    await ann.hears('while you were away');
    await ben.page.goBack();
    await ben.hears('while you were away');
  });
});
