import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';

const title = hasChromium ? 'the newsroom' : `the newsroom (skipped: there is no Chromium at ${chromiumPath})`;
const KEY = 'a key of this test';
const main = new URL('../server/main.ts', import.meta.url);
const env = { DESK_KEY: KEY };

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: ExampleServer;
  let contexts: BrowserContext[] = [];
  let errors: string[] = [];

  beforeAll(async () => {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error' });
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      ExampleServer.start({ main, env }),
    ]);
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(errors).toEqual([]);
    errors = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  async function visitor(): Promise<BrowserContext> {
    const context = await browser.newContext({ locale: 'en-GB' });
    context.setDefaultTimeout(30_000);
    contexts.push(context);
    return context;
  }

  async function open(context: BrowserContext, hash = ''): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.url}/${hash}`);
    return page;
  }

  async function reader(): Promise<Page> {
    const page = await open(await visitor());
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }

  async function editor(): Promise<Page> {
    const page = await open(await visitor(), '#desk');
    await page.getByLabel('Key of the desk').fill(KEY);
    await page.getByRole('button', { name: 'Sit down' }).click();
    await page.getByRole('heading', { name: 'Write' }).waitFor();
    return page;
  }

  async function publish(page: Page, section: string, headline: string): Promise<void> {
    await page.getByLabel('Section').selectOption(section);
    await page.getByLabel('Headline').fill(headline);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('region', { name: section }).getByText(headline, { exact: true }).waitFor();
  }

  function story(page: Page, headline: string): Locator {
    return page.getByRole('article').filter({ has: page.getByRole('heading', { name: headline, exact: true }) });
  }

  it('sends a story to those who registered for its section, and to nobody else', async () => {
    const [desk, registered, other] = await Promise.all([editor(), reader(), reader()]);
    await other.getByText('world', { exact: true }).first().click();
    await other.getByRole('region', { name: 'world' }).waitFor({ state: 'detached' });
    await publish(desk, 'world', 'Only for the world');
    await publish(desk, 'science', 'For both of them');
    await story(registered, 'Only for the world').waitFor();
    // What came later on another section shows that nothing is still on its way.
    await story(other, 'For both of them').waitFor();
    expect(await story(other, 'Only for the world').count()).toBe(0);
    // Whoever registers later is given what was said before.
    await other.getByText('world', { exact: true }).first().click();
    await story(other, 'Only for the world').waitFor();
  });

  it('shows the editor how many read', async () => {
    const desk = await editor();
    const sport = desk.getByRole('region', { name: 'sport' });
    await sport.getByText('0 readers').waitFor();
    const page = await reader();
    await page.getByText('sport', { exact: true }).click();
    await sport.getByText('1 reader').waitFor();
  });

  it('puts a correction in the place of what it corrects', async () => {
    const [desk, page] = await Promise.all([editor(), reader()]);
    await publish(desk, 'culture', 'The consert is sold out');
    await story(page, 'The consert is sold out').waitFor();
    await desk.getByRole('button', { name: 'Correct “The consert is sold out”' }).click();
    await desk.getByLabel('Headline').fill('The concert is sold out');
    await desk.getByRole('button', { name: 'Publish the correction' }).click();
    await story(page, 'The concert is sold out').getByText('corrected').waitFor();
    expect(await story(page, 'The consert is sold out').count()).toBe(0);
  });

  it('shows a reader who comes back another day what is new', async () => {
    const desk = await editor();
    await publish(desk, 'world', 'Seen');
    const context = await visitor();
    const first = await open(context);
    await story(first, 'Seen').waitFor();
    await first.close();
    await publish(desk, 'world', 'Missed, one');
    await publish(desk, 'world', 'Missed, two');

    const second = await open(context);
    await story(second, 'Missed, two').waitFor();
    const column = second.getByRole('region', { name: 'world' });
    const texts = await column.locator('h3, .away-line').allTextContents();
    expect(texts.slice(0, 4)).toEqual(['Missed, two', 'Missed, one', 'You were here last', 'Seen']);
  });

  it('turns away who has no key, and goes on showing the paper', async () => {
    const page = await open(await visitor(), '#desk');
    await page.getByLabel('Key of the desk').fill('a guess');
    await page.getByRole('button', { name: 'Sit down' }).click();
    await page.getByText('this is not the key of the desk').waitFor();
    await page.getByRole('link', { name: 'To the paper' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('article').first().waitFor();
  });

  it('says that stories are missing after the server has lost them', async () => {
    const [desk, page] = await Promise.all([editor(), reader()]);
    await publish(desk, 'science', 'Before the fire');
    await story(page, 'Before the fire').waitFor();
    await server.end('SIGKILL');
    await page.getByText('Away', { exact: true }).waitFor();
    server = await ExampleServer.start({ main, env, port: server.port });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'science' }).getByText('could not be recovered').waitFor();
    await story(page, 'Before the fire').waitFor();
  });
});
