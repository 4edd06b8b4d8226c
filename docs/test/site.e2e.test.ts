import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArguments, chromiumPath, hasChromium } from '../../vitest.chromium.ts';
import { buildSite, readOptions, readPages, readWrittenOptions, SiteServer } from './site.ts';

const title = hasChromium ? 'the site' : `the site (skipped: there is no Chromium at ${chromiumPath})`;

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: SiteServer;
  let page: Page;
  let errors: string[] = [];

  beforeAll(async () => {
    await buildSite();
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      SiteServer.start(),
    ]);
  }, 300_000);

  afterEach(async () => {
    await page?.close();
    expect(errors).toEqual([]);
    errors = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(path: string, width = 1280): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${server.url}${path}`);
  }

  const test = (name: string) => page.locator(`[data-test="${name}"]`);
  const client = (name: string) => page.locator(`article[data-test="${name}"]`);

  async function say(name: string, text: string): Promise<void> {
    await client(name).locator('input').fill(text);
    await client(name).locator('input').press('Enter');
  }

  function hears(name: string, text: string): Promise<void> {
    return client(name).locator('li', { hasText: text }).waitFor();
  }

  it('links only to pages and headings that exist', () => {
    const pages = new Map(readPages().map((built) => [built.path, built]));
    expect(pages.size).toBeGreaterThan(10);
    const dead = [...pages.values()].flatMap(({ path, links }) =>
      links
        .filter((link) => {
          const [target = '', hash = ''] = link.split('#');
          const built = pages.get(target);
          return built === undefined ? !/\.\w+$/.test(target) : hash !== '' && !built.ids.has(hash);
        })
        .map((link) => `${path} → ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('lists every option that is a number with its unit and its default', () => {
    const rows = readOptions();
    expect(rows.length).toBeGreaterThan(150);
    expect(rows).toContainEqual(['callTimeoutMs', 'milliseconds', '30,000']);
    expect(rows).toContainEqual(['maxMessageBytes', 'bytes', '1,048,576']);
    const numbers = rows.filter(([, unit = '']) => ['milliseconds', 'bytes', 'characters', 'a count'].includes(unit));
    expect(numbers.filter(([, , fallback]) => fallback === 'none')).toEqual([]);
  });

  it('names the defaults of the sources wherever an option with a number stands in a table', () => {
    const known = new Map<string, Set<string>>();
    for (const [name = '', , fallback = ''] of readOptions())
      known.set(name, (known.get(name) ?? new Set()).add(fallback.replaceAll(/[`_,]/g, '')));
    const numbers = readWrittenOptions().flatMap(({ place, name, fallback }) => {
      const number = /^`?([\d,_]+)`?(?: (?:ms|bytes|messages|UTF-16 units))?$/
        .exec(fallback)?.[1]
        ?.replaceAll(/[_,]/g, '');
      const defaults = [...(known.get(name) ?? [])].filter((value) => /^\d+$/.test(value));
      return number === undefined || defaults.length === 0 ? [] : [{ place, name, number, defaults }];
    });
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers.filter(({ number, defaults }) => !defaults.includes(number))).toEqual([]);
  });

  it('shows a message as the frames of the codec, bit by bit', async () => {
    await open('/how-it-works/frames');
    await test('text').fill('Hi');
    const bytes = () => page.locator('[data-test="frame"] .hex').allTextContents();
    await expect.poll(bytes).toEqual(['81', '82', '37', 'fa', '21', '3d', '7f', '93']);
    expect(await test('verdict').textContent()).toContain('Hi');
    await test('fragments').fill('2');
    await expect.poll(() => test('frame').count()).toBe(2);
    await page.getByRole('button', { name: 'server', exact: true }).click();
    await expect.poll(bytes).toEqual(['01', '01', '48', '80', '01', '69']);
    expect(await test('sum').textContent()).toContain('6 bytes on the wire, 4 of them');
  });

  it('says which rule pasted bytes break, and where', async () => {
    await open('/how-it-works/frames');
    await page.getByRole('button', { name: 'Read bytes' }).click();
    await test('hex').fill('0x81 0x05 48656c6c6f');
    await page.getByText('MASK_MISSING').first().waitFor();
    expect(await test('verdict').textContent()).toContain('1002');
    await test('hex').fill('81 85 37 fa 21 3d 7f 9f 4d 51 58');
    await expect.poll(() => test('verdict').textContent()).toContain('Hello');
    await test('hex').fill('81 8');
    await page.getByRole('alert').waitFor();
  });

  it('computes the accept value of a key', async () => {
    await open('/how-it-works/handshake');
    await expect.poll(() => test('accept').textContent()).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    await test('key').fill('AAAAAAAAAAAAAAAAAAAAAA==');
    await expect.poll(() => test('accept').textContent()).toBe('ICX+Yqv66kxgM0FcWaLWlFLwTAI=');
  });

  it('lets a reader cut the wire, and brings what was missed once it is mended', async () => {
    await open('/');
    await client('Ann').getByText('open', { exact: true }).waitFor();
    await expect.poll(() => client('Ben').locator('[data-test="people"]').textContent()).toBe('Here: Ann, Ben');
    await say('Ben', 'before');
    await hears('Ann', 'before');

    await test('network-Ann').click();
    await client('Ann').getByText('reconnecting').waitFor();
    await say('Ben', 'while you were away');
    await hears('Ben', 'while you were away');
    await say('Ann', 'said into the void');
    await test('waiting').waitFor();
    expect(await client('Ann').locator('[data-test="lines"]').textContent()).not.toContain('away');

    await test('network-Ann').click();
    await hears('Ann', 'while you were away');
    await client('Ann').getByText('session resumed').waitFor();
    await hears('Ben', 'said into the void');
    await expect.poll(() => test('waiting').count()).toBe(0);
    expect(await client('Ann').locator('li').allTextContents()).toHaveLength(3);
    await client('Ann').locator('li.late', { hasText: 'while you were away' }).getByText('recovered').waitFor();
  });

  it('runs the source as the reader changes it, and shows what is wrong with it', async () => {
    await open('/try');
    await client('Ann').getByText('open', { exact: true }).waitFor();
    await expect.poll(() => test('log').textContent()).toContain('subscribed');
    await page.getByRole('button', { name: 'api.ts' }).click();
    const editor = page.locator('.cm-content');
    const source = (await editor.innerText()).replace('text: input,', 'text: input.toUpperCase(),');
    expect(source).toContain('toUpperCase');
    await editor.fill(source);
    await test('run').click();
    await client('Ann').getByText('open', { exact: true }).waitFor();
    await say('Ann', 'louder');
    await hears('Ben', 'LOUDER');

    await editor.fill('export const api = ;');
    await test('run').click();
    await expect.poll(() => test('problem').textContent()).toContain('api.ts');
    await page.getByRole('button', { name: 'Reset' }).click();
    await client('Ann').getByText('open', { exact: true }).waitFor();
    expect(await test('problem').count()).toBe(0);
  });

  async function choose(example: string): Promise<void> {
    await open('/try');
    await client('Ann').getByText('open', { exact: true }).waitFor();
    await page.getByRole('button', { name: example, exact: true }).click();
    await expect.poll(() => test('log').textContent()).not.toContain('published');
    await client('Ben').getByText('open', { exact: true }).waitFor();
  }

  it('runs calls, a declared error and a stream that goes on over a cut, and stops', async () => {
    await choose('Calls');
    await say('Ann', '12/4');
    await hears('Ann', 'query 3');
    await say('Ann', '12/0');
    await hears('Ann', '12 cannot be divided by 0.');
    await say('Ann', '3');
    await hears('Ann', 'stream 3');
    await test('network-Ann').click();
    await client('Ann').getByText('reconnecting').waitFor();
    await test('network-Ann').click();
    await hears('Ann', 'Done.');
    expect(await client('Ann').locator('li', { hasText: 'stream' }).count()).toBe(3);
    await say('Ann', '20');
    await hears('Ann', 'stream 20');
    await say('Ann', 'stop');
    await hears('Ann', 'Stopped, on the server too.');
  });

  it('runs presence: what somebody does, and that somebody left', async () => {
    await choose('Presence');
    await say('Ann', 'reading');
    await expect.poll(() => client('Ben').locator('[data-test="people"]').textContent()).toContain('Ann (reading)');
    await say('Ann', 'leave');
    await hears('Ben', 'Ann left.');
  });

  it('runs a channel whose history is too short for one outage, and long enough for another', async () => {
    await choose('Gap');
    const outage = async (readings: string, last: string) => {
      await test('network-Ann').click();
      await client('Ann').getByText('reconnecting').waitFor();
      await say('Ben', readings);
      await hears('Ben', `reading ${last}`);
      await test('network-Ann').click();
    };
    await hears('Ann', 'State: the last reading is 0.');
    await outage('2', '2');
    await hears('Ann', 'reading 2');
    await hears('Ann', 'Subscribed: recovered.');
    await outage('5', '7');
    await hears('Ann', 'A gap');
    await hears('Ann', 'State: the last reading is 7.');
    expect(await client('Ann').locator('li b', { hasText: 'reading' }).count()).toBe(2);
  });

  it('finds what is looked for', async () => {
    await open('/protocol');
    const input = page.locator('#localsearch-input');
    // The key is heard once the page's script runs.
    await expect.poll(async () => (await input.count()) || page.keyboard.press('Control+k')).toBe(1);
    await input.fill('idempotency');
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
  });

  it.each([
    '/',
    '/try',
    '/how-it-works/frames',
    '/how-it-works/session',
    '/protocol',
    '/examples',
    '/compare',
    '/reference/options',
    '/reference/client',
  ])('fits a phone: %s', async (path) => {
    await open(path, 390);
    await page.locator('main, .vp-doc').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
});
