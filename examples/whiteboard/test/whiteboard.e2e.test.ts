import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { Relay } from '../../chat/test/relay.ts';
import { Artist, type Place } from './artist.ts';

const title = hasChromium ? 'the whiteboard' : `the whiteboard (skipped: there is no Chromium at ${chromiumPath})`;

const left: Place = [200, 200];
const middle: Place = [300, 200];
const right: Place = [400, 200];
const below: Place = [300, 330];

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: ExampleServer;
  let artists: Artist[] = [];

  beforeAll(async () => {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error' });
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      ExampleServer.start({ main: new URL('../server/main.ts', import.meta.url) }),
    ]);
  });

  afterEach(async () => {
    const errors = artists.flatMap((artist) => artist.errors);
    await Promise.all(artists.map((artist) => artist.leave()));
    artists = [];
    expect(errors).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  async function join(name: string, board: string, url = server.url): Promise<Artist> {
    const artist = await Artist.join(browser, url, name, board);
    artists.push(artist);
    return artist;
  }

  it('shows a line while it is drawn, and keeps it when it is finished', async () => {
    const [ann, ben] = await Promise.all([join('Ann', 'live'), join('Ben', 'live')]);
    await ann.person('Ben').waitFor();
    await ann.beginLine([left, right]);
    await ben.sees('live', middle);
    await ben.sees('board', middle, false);
    await ann.endLine();
    await ben.sees('board', middle);
    await ben.sees('live', middle, false);
    const cid = await join('Cid', 'live');
    await cid.seesSomething();
  });

  it('shows where the others point at, until they leave', async () => {
    const [ann, ben] = await Promise.all([join('Ann', 'pointers'), join('Ben', 'pointers')]);
    await ben.person('Ann').waitFor();
    await ann.page.mouse.move(...left);
    await ann.page.mouse.move(...right);
    const inPointer: Place = [right[0] + 4, right[1] + 9];
    await ben.sees('live', inPointer);
    await ann.leave();
    await ben.sees('live', inPointer, false);
  });

  it('takes back what somebody drew, and puts it on again, and lets nobody take what others drew', async () => {
    const [ann, ben] = await Promise.all([join('Ann', 'undo'), join('Ben', 'undo')]);
    await ann.drawLine([left, right]);
    await ben.sees('board', middle);
    expect(await ben.tool('Undo').isDisabled()).toBe(true);
    await ann.page.keyboard.press('Control+z');
    await ben.sees('board', middle, false);
    await ann.tool('Redo').click();
    await ben.sees('board', middle);
  });

  it('is cleared by its owner alone', async () => {
    const [ann, ben] = await Promise.all([join('Ann', 'owner'), join('Ben', 'owner')]);
    await ann.drawLine([left, right]);
    await ben.sees('board', middle);
    await ben.drawLine([middle, below]);
    await ann.sees('board', [300, 300]);
    await ben.tool('Clear the board').click();
    await ben.tool('Clear it').click();
    await ben.page.getByText('This board is Ann’s to clear.').waitFor();
    await ann.tool('Clear the board').click();
    await ann.tool('Clear it').click();
    await ben.page.getByText('Ann cleared the board.').waitFor();
    await Promise.all([ann.sees('board', middle, false), ben.sees('board', [300, 300], false)]);
  });

  it('keeps what is drawn offline, and puts it on the board once when the network is back', async () => {
    const relay = await Relay.to(server.url);
    const [ann, ben] = await Promise.all([join('Ann', 'offline'), join('Ben', 'offline', relay.url)]);
    await ben.person('Ann').waitFor();
    await ben.page.context().setOffline(true);
    relay.cut();
    await ben.page.getByText('No connection.').waitFor();
    await ben.drawLine([left, right]);
    await ben.sees('board', middle);
    await ben.page.getByText('1 change is kept').waitFor();
    await ann.drawLine([[300, 280], below]);

    await ben.page.context().setOffline(false);
    await ann.sees('board', middle);
    await ben.sees('board', [300, 310]);
    await ben.page.getByText('No connection.').waitFor({ state: 'hidden' });
    // Once: taken back once it is gone.
    await ben.page.keyboard.press('Control+z');
    await ann.sees('board', middle, false);
    relay.close();
  });

  it('keeps what was drawn offline over a reload of the page', async () => {
    const relay = await Relay.to(server.url);
    const [ann, ben] = await Promise.all([join('Ann', 'reload'), join('Ben', 'reload', relay.url)]);
    await ben.person('Ann').waitFor();
    await ben.page.context().setOffline(true);
    relay.cut();
    await ben.page.getByText('No connection.').waitFor();
    await ben.drawLine([left, right]);
    await ben.page.getByText('1 change is kept').waitFor();
    await ben.page.context().setOffline(false);
    await ben.page.reload();
    await ann.sees('board', middle);
    await ann.person('Ben').waitFor();
    relay.close();
  });

  it('draws with a finger', async () => {
    const ann = await join('Ann', 'touch');
    const context = await browser.newContext({ viewport: { width: 800, height: 600 }, hasTouch: true });
    const page = await context.newPage();
    await page.goto(`${server.url}/#touch`);
    await page.getByLabel('Your name').fill('Ben');
    await page.getByRole('button', { name: 'Go to the board' }).click();
    await ann.person('Ben').waitFor();
    const touch = await context.newCDPSession(page);
    const at = ([x, y]: Place) => ({ touchPoints: [{ x, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(left) });
    for (const x of [250, 300, 350])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at([x, 200]) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await ann.sees('board', middle);
    await context.close();
  });
});
