import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { firefoxPath, hasFirefox } from '../../../vitest.firefox.ts';
import { Relay } from './relay.ts';
import { Visitor } from './visitor.ts';

const main = new URL('../server/main.ts', import.meta.url);

let server: ExampleServer;
let browser: Browser;
let visitors: Visitor[] = [];

beforeAll(async () => {
  // Not emptied before: another file of tests may be serving the very same build.
  await build({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { emptyOutDir: false },
  });
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
      args: chromiumArguments,
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
