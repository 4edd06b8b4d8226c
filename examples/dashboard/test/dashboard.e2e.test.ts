import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';

const main = new URL('../server/main.ts', import.meta.url);

const title = hasChromium ? 'the dashboard' : `the dashboard (skipped: there is no Chromium at ${chromiumPath})`;
/** For a machine that has other things to do. */
const patience = { timeout: 30_000 };

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: ExampleServer;
  let page: Page;
  let errors: string[] = [];
  /** What came in over the wire since the page was opened. */
  let received: string[] = [];

  beforeAll(async () => {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error' });
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      ExampleServer.start({ main }),
    ]);
  });

  beforeEach(async () => {
    errors = [];
    received = [];
    page = await browser.newPage({ locale: 'en-GB' });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))));
    await page.goto(server.url);
    await page.getByRole('status').getByText('Live').waitFor();
  });

  afterEach(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  it('shows every machine from the first moment, and then what changes', async () => {
    const machines = page.getByRole('button', { name: /^Machine/ });
    await expect.poll(() => machines.count(), patience).toBe(100);
    const before = await machines.allTextContents();
    await expect.poll(() => machines.allTextContents(), patience).not.toEqual(before);
  });

  it('is sent a part of what the machines tell', async () => {
    await page.getByText(/[1-9]\d? % spared/).waitFor();
  });

  it('shows every reading of a machine that is chosen, those of the last half minute at once', async () => {
    await page.getByRole('button', { name: /^Machine 7:/ }).click();
    await page.getByRole('heading', { name: /Machine 7 every reading, (\d{2,}) of the last/ }).waitFor();
    await page.locator('.plot canvas').first().waitFor();
    expect(await page.locator('.plot').count()).toBe(3);
    await page.getByRole('button', { name: /^Machine 7:/ }).click();
    await page.getByText('Its topic is followed while it is shown').waitFor();
  });

  it('changes how much the machines tell, and shows what a blocked server does to everybody', async () => {
    await page.getByRole('button', { name: '100/s', exact: true }).click();
    await page.getByRole('button', { name: '100/s', exact: true, pressed: true }).waitFor();
    const told = page.locator('.figure', { hasText: 'Told by machines' }).locator('.figure-value');
    await expect
      .poll(async () => Number.parseInt((await told.textContent())?.replace(',', '') ?? '', 10), patience)
      .toBeLessThan(300);
    await page.getByRole('button', { name: '1,000/s' }).click();

    let isSeen = false;
    const seen = page
      .waitForFunction(
        () => {
          const figures = [...document.querySelectorAll('.figure')];
          const late = figures.find((figure) => figure.textContent?.includes('Event loop'));
          return Number.parseFloat(late?.querySelector('.figure-value')?.textContent ?? '') > 100;
        },
        undefined,
        patience,
      )
      .then(() => {
        isSeen = true;
      });
    // One stall at the end of a second is one of a hundred and one, and no part of the 99th percentile.
    const block = async () => {
      if (!isSeen) await page.getByRole('button', { name: 'Block the server' }).click();
      return isSeen;
    };
    await expect.poll(block, { ...patience, interval: 700 }).toBe(true);
    await seen;
  });

  it('begins anew with the state of the moment after the server was killed', async () => {
    await expect.poll(() => page.getByRole('button', { name: /^Machine/ }).count(), patience).toBe(100);
    await server.end('SIGKILL');
    await page.getByRole('status').getByText('Reconnecting').waitFor();
    server = await ExampleServer.start({ main, port: server.port });
    await page.getByRole('status').getByText('Live').waitFor();
    const count = received.length;
    await expect.poll(() => received.length, patience).toBeGreaterThan(count + 5);
    await expect.poll(() => page.locator('.is-stale').count(), patience).toBe(0);
  });
});
