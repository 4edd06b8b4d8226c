import { type Browser, chromium } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { buildPage } from './build-page.ts';
import { Person } from './person.ts';
import { Relay } from './relay.ts';

const main = new URL('../server/main.ts', import.meta.url);

const title = hasChromium ? 'the chat' : `the chat (skipped: there is no Chromium at ${chromiumPath})`;

let browser: Browser;
let server: ExampleServer;
let people: Person[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  await buildPage();
  browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
});

afterEach(async () => {
  const errors = people.flatMap((person) => person.errors);
  await Promise.all(people.map((person) => person.leave()));
  people = [];
  expect(errors).toEqual([]);
});

afterAll(() => browser?.close());

async function joinOn(page: string, name: string, room: string, url = server.url): Promise<Person> {
  const person = await Person.join(browser, `${url}${page}`, name, room);
  people.push(person);
  return person;
}

describe.skipIf(!hasChromium).each([
  { built: 'without a framework', page: '/' },
  { built: 'in React', page: '/react/' },
  { built: 'in Vue', page: '/vue/' },
])(`${title}, $built`, ({ page }) => {
  beforeAll(async () => {
    server = await ExampleServer.start({ main });
  });

  afterAll(() => server?.end('SIGKILL'));

  function join(name: string, room: string, url = server.url): Promise<Person> {
    return joinOn(page, name, room, url);
  }

  function joinBoth(room: string): Promise<[Person, Person]> {
    return Promise.all([join('Ann', room), join('Ben', room)]);
  }

  it('shows two people to each other, and what they say', async () => {
    const [ann, ben] = await joinBoth('greeting');
    await Promise.all([ann.member('Ben').waitFor(), ben.member('Ann').waitFor()]);
    await ann.say('Hello Ben');
    await ben.message('Hello Ben').waitFor();
    await ben.say('Hello Ann');
    await ann.message('Hello Ann').waitFor();
    await Promise.all([ann.isConnection('open'), ben.isConnection('open')]);
    expect(await ben.row('Hello Ben').locator('.message-author').textContent()).toBe('Ann');
    expect(await ann.page.locator('li.message.own').count()).toBe(1);
    await expect.poll(() => ann.page.locator('li.message.sending').count()).toBe(0);
  });

  it('shows hostile text as text', async () => {
    const [ann, ben] = await joinBoth('hostile');
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await ann.say(hostile);
    await ben.message(hostile).waitFor();
    for (const { page } of [ann, ben]) {
      expect(await page.locator('#log :is(img, script)').count()).toBe(0);
      expect(await page.title()).toBe('hostile · Typewire chat');
    }
  });

  it('begins a new line with Shift+Enter, and sends both with Enter', async () => {
    const [ann, ben] = await joinBoth('lines');
    await ann.input.pressSequentially('first');
    await ann.input.press('Shift+Enter');
    await ann.input.pressSequentially('second');
    await ann.input.press('Enter');
    await ben.page.locator('.bubble').getByText('first').waitFor();
    expect(await ben.page.locator('.bubble').textContent()).toBe('first\nsecond');
    expect(await ann.input.inputValue()).toBe('');
  });

  it('counts several tabs of somebody once, and takes who leaves off the list', async () => {
    const [ann, ben] = await joinBoth('leaving');
    const secondTab = await join('Ben', 'leaving');
    await ann.page.getByText('2 people').first().waitFor();
    expect(await ann.members.allTextContents()).toEqual(['Ann', 'Ben']);
    await ben.leave();
    // The order of what follows shows that closing the first tab has been noticed, and changed nothing.
    const cid = await join('Cid', 'leaving');
    await ann.member('Cid').waitFor();
    expect(await ann.members.allTextContents()).toEqual(['Ann', 'Ben', 'Cid']);
    await secondTab.leave();
    await ann.member('Ben').waitFor({ state: 'detached' });
    await cid.member('Ben').waitFor({ state: 'detached' });
  });

  it('keeps rooms apart', async () => {
    const [ann, ben] = await joinBoth('first-room');
    await ann.say('only in the first');
    await ben.message('only in the first').waitFor();
    await ben.page.getByLabel('Name of a room').fill('Second Room!');
    await ben.page.getByLabel('Name of a room').press('Enter');
    await ann.member('Ben').waitFor({ state: 'detached' });
    await ben.say('only in the second');
    await ben.page.getByText('Only you').waitFor();
    expect(new URL(ben.page.url()).hash).toBe('#second-room');
    // Somebody else's room is on offer, with how many are in it.
    await ann.page.getByRole('link', { name: 'second-room 1 person' }).click();
    await ann.message('only in the second').waitFor();
    expect(await ann.message('only in the first').count()).toBe(0);
    await ben.member('Ann').waitFor();
    await ann.page.goBack();
    await ann.message('only in the first').waitFor();
    expect(await ann.message('only in the second').count()).toBe(0);
  });

  it('shows newcomers what was said before them', async () => {
    const [ann, ben] = await joinBoth('history');
    await ann.say('one');
    await ben.message('one').waitFor();
    await ben.say('two');
    await ann.message('two').waitFor();
    const cid = await join('Cid', 'history');
    await cid.message('two').waitFor();
    expect(await cid.page.locator('.bubble').allTextContents()).toEqual(['one', 'two']);
  });

  it('leaves a reader of older messages where he is, and says how many came', async () => {
    const [ann, ben] = await joinBoth('scrolling');
    await ann.say(`top${'\n'.repeat(60)}bottom`);
    await ben.page.getByText('bottom').waitFor();
    const log = ben.page.getByRole('log');
    await log.evaluate((element) => element.scrollTo(0, 0));
    await ann.say('below the fold');
    const pill = ben.page.getByRole('button', { name: '1 new message' });
    await pill.waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(0);
    await pill.click();
    await pill.waitFor({ state: 'hidden' });
    await expect
      .poll(() => log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight))
      .toBeLessThan(2);
  });

  it('goes on after the server was killed, and delivers what was written meanwhile', async () => {
    const [ann, ben] = await joinBoth('restart');
    await ann.say('before');
    await ben.message('before').waitFor();
    await server.end('SIGKILL');
    await Promise.all([ann.isConnection('reconnecting'), ben.isConnection('reconnecting')]);
    await ann.page.getByText('Connection lost').waitFor();
    await ann.say('written offline');
    await ann.row('written offline').getByText('sending…').waitFor();

    server = await ExampleServer.start({ main, port: server.port });
    await Promise.all([ann.isConnection('open'), ben.isConnection('open')]);
    await ben.message('written offline').waitFor();
    await ann.row('written offline').getByText('sending…').waitFor({ state: 'hidden' });
    // The history was in the server's memory; what is on the screen stays.
    await Promise.all([ann.gap.waitFor(), ben.gap.waitFor()]);
    await Promise.all([ann.member('Ben').waitFor(), ben.member('Ann').waitFor()]);
    await ben.say('after');
    await ann.message('after').waitFor();
    for (const person of [ann, ben]) {
      expect(await person.page.locator('.bubble').allTextContents()).toEqual(['before', 'written offline', 'after']);
    }
  });

  it('sends a message again of which nobody knows whether it arrived, and shows it once', async () => {
    const [ann, ben] = await joinBoth('doubt');
    await ann.isConnection('open');
    server.freeze();
    await ann.say('did this arrive?');
    await ann.row('did this arrive?').getByText('sending…').waitFor();
    await server.end('SIGKILL');
    await ann.isConnection('reconnecting');

    server = await ExampleServer.start({ main, port: server.port });
    await Promise.all([ann.isConnection('open'), ben.isConnection('open')]);
    await ben.message('did this arrive?').waitFor();
    await expect.poll(() => ann.page.locator('li.message:is(.sending, .failed)').count()).toBe(0);
    expect(await ann.message('did this arrive?').count()).toBe(1);
    expect(await ben.message('did this arrive?').count()).toBe(1);
  });

  it('shows who is typing, until it is sent or given up', async () => {
    const [ann, ben] = await joinBoth('typing');
    await ann.member('Ben').waitFor();
    await ben.input.pressSequentially('Hel');
    await ann.page.getByText('Ben is typing…').waitFor();
    expect(await ben.page.getByText('is typing…').count()).toBe(0);
    await ben.input.press('Enter');
    await ann.message('Hel').waitFor();
    await ann.page.getByText('Ben is typing…').waitFor({ state: 'detached' });

    await ben.input.pressSequentially('no');
    await ann.page.getByText('Ben is typing…').waitFor();
    await ben.input.fill('');
    await ann.page.getByText('Ben is typing…').waitFor({ state: 'detached' });
  });

  it('brings a tab that was offline what was said meanwhile, and leaves it on the list', async () => {
    const relay = await Relay.to(server.url);
    const ann = await join('Ann', 'offline');
    const ben = await join('Ben', 'offline', relay.url);
    await Promise.all([ann.member('Ben').waitFor(), ben.member('Ann').waitFor()]);

    await ben.page.context().setOffline(true);
    relay.cut();
    await ben.isConnection('offline');
    for (const text of ['one', 'two', 'three']) await ann.say(text);
    await ben.say('from the train');
    await ann.message('three').waitFor();
    expect(await ben.message('three').count()).toBe(0);

    await ben.page.context().setOffline(false);
    await ben.message('three').waitFor();
    await ann.message('from the train').waitFor();
    expect(await ben.page.locator('.bubble').allTextContents()).toEqual(['one', 'two', 'three', 'from the train']);
    expect(await ben.gap.count()).toBe(0);
    await Promise.all([ann.member('Ben').waitFor(), ben.member('Ann').waitFor()]);
    relay.close();
  });

  it('sends everybody away in order when it is asked to end', async () => {
    const ann = await join('Ann', 'farewell');
    expect(await server.end('SIGTERM')).toBe(0);
    await ann.isConnection('reconnecting');
    server = await ExampleServer.start({ main, port: server.port });
    await ann.isConnection('open');
  });
});

describe.skipIf(!hasChromium)(`${title}, on all its pages`, () => {
  beforeAll(async () => {
    server = await ExampleServer.start({ main });
  });

  afterAll(() => server?.end('SIGKILL'));

  it('lets people talk in one room, whatever their pages are built with', async () => {
    const all = await Promise.all([
      joinOn('/react/', 'Ann', 'mixed'),
      joinOn('/vue/', 'Ben', 'mixed'),
      joinOn('/', 'Cid', 'mixed'),
    ]);
    const [ann, ben, cid] = all;
    for (const person of all) await person.page.getByText('3 people', { exact: true }).waitFor();
    const said = ['Hello from React', 'Hello from Vue', 'Hello from neither'];
    for (const [index, speaker] of all.entries()) {
      await speaker.input.pressSequentially('…');
      const others = all.filter((person) => person !== speaker);
      await Promise.all(others.map(({ page }) => page.getByText('is typing…').waitFor()));
      const text = said[index] ?? '';
      await speaker.say(text);
      await Promise.all(all.map((person) => person.message(text).waitFor()));
    }
    for (const { page } of all) expect(await page.locator('.bubble').allTextContents()).toEqual(said);
    expect(await ann.members.allTextContents()).toEqual(['Ann', 'Ben', 'Cid']);
    expect(await ben.members.allTextContents()).toEqual(['Ben', 'Ann', 'Cid']);
    expect(await cid.members.allTextContents()).toEqual(['Cid', 'Ann', 'Ben']);
  });

  it('leads from one page to the same room on another, as the same person', async () => {
    const ann = await joinOn('/', 'Ann', 'walk');
    await ann.say('still here');
    await ann.message('still here').waitFor();
    for (const name of ['React', 'Vue', 'Plain']) {
      await ann.page.getByRole('link', { name, exact: true }).click();
      await ann.page.waitForURL(name === 'Plain' ? '**/#walk' : `**/${name.toLowerCase()}/#walk`);
      await ann.message('still here').waitFor();
      await ann.member('Ann').waitFor();
      expect(await ann.page.getByRole('link', { name, exact: true }).getAttribute('aria-current')).toBe('page');
    }
  });
});
