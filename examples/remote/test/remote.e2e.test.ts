import { fileURLToPath } from 'node:url';
import type { Client } from '@typewire/client';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExampleServer } from '../../../test/examples/example-server.ts';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { Relay } from '../../chat/test/relay.ts';
import { startDevice } from '../device/device.ts';
import type { Api } from '../server/api.ts';
import { createToken } from '../server/tokens.ts';
import { Operator } from './operator.ts';

const title = hasChromium
  ? 'the remote control'
  : `the remote control (skipped: there is no Chromium at ${chromiumPath})`;
const secret = 'a secret of this test';

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;
  let server: ExampleServer;
  let operators: Operator[] = [];
  let devices: Client<Api>[] = [];

  beforeAll(async () => {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error' });
    [browser, server] = await Promise.all([
      chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
      ExampleServer.start({ main: new URL('../server/main.ts', import.meta.url), env: { SECRET: secret } }),
    ]);
  });

  afterEach(async () => {
    const errors = operators.flatMap((operator) => operator.errors);
    await Promise.all(operators.map((operator) => operator.leave()));
    await Promise.all(devices.map((device) => device.close()));
    operators = [];
    devices = [];
    expect(errors).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  async function open(name: string, role: 'operator' | 'device' = 'operator', url = server.url): Promise<Operator> {
    const operator = await Operator.open(browser, url, createToken(secret, { role, name }));
    operators.push(operator);
    return operator;
  }

  function start(name: string): Client<Api> {
    const device = startDevice({ url: server.url, token: createToken(secret, { role: 'device', name }) });
    devices.push(device);
    return device;
  }

  it('lists the devices that are there, and shows what a command prints', async () => {
    const [ann, ben] = await Promise.all([open('ann'), open('ben')]);
    await ann.page.getByText('No device is there.').waitFor();
    start('kitchen');
    const garage = start('garage');
    await ann.choose('kitchen');
    await Promise.all([
      ann.device('garage').waitFor(),
      ben.device('kitchen').waitFor(),
      ben.device('garage').waitFor(),
    ]);
    const uptime = await ann.run('Uptime');
    await uptime.getByText(/^load /).waitFor();
    await uptime.getByText('done', { exact: true }).waitFor();
    await garage.close();
    await Promise.all([ann, ben].map((operator) => operator.device('garage').waitFor({ state: 'detached' })));
  });

  it('gives output as it comes, and tells the device when the operator cancels', async () => {
    const [ann, ben] = await Promise.all([open('ann'), open('ben')]);
    start('kitchen');
    await Promise.all([ann.choose('kitchen'), ben.choose('kitchen')]);
    const count = await ann.run('Count', { To: '10000', Every: '20' });
    await count.getByText('3 of 10000', { exact: true }).waitFor();
    await ben.device('kitchen').getByText('1 running').waitFor();
    const log = await ben.run('Tail', { 'Last lines': '0' });
    await ben.device('kitchen').getByText('2 running').waitFor();
    await count.getByRole('button', { name: 'Cancel' }).click();
    await count.getByText('cancelled', { exact: true }).waitFor();
    await log.getByText('cancelled {"name":"count"').waitFor();
    await ben.device('kitchen').getByText('1 running').waitFor();
  });

  it('tells the device when the operator closes the page', async () => {
    const [ann, ben] = await Promise.all([open('ann'), open('ben')]);
    start('cellar');
    await Promise.all([ann.choose('cellar'), ben.choose('cellar')]);
    const count = await ann.run('Count', { To: '10000', Every: '20' });
    await count.getByText('1 of 10000', { exact: true }).waitFor();
    const log = await ben.run('Tail');
    await log.getByText('begins {"name":"count"').waitFor();
    await ann.leave();
    await log.getByText('cancelled {"name":"count"').waitFor();
  });

  it('loses no line over a network that breaks', async () => {
    const relay = await Relay.to(server.url);
    const ann = await open('ann', 'operator', relay.url);
    start('kitchen');
    await ann.choose('kitchen');
    const count = await ann.run('Count', { To: '60', Every: '40' });
    await count.getByText('3 of 60', { exact: true }).waitFor();
    relay.cut();
    await count.getByText('done', { exact: true }).waitFor();
    const expected = Array.from({ length: 60 }, (_, index) => `${index + 1} of 60`);
    expect(await count.getByRole('list').getByRole('listitem').allTextContents()).toEqual(expected);
    relay.close();
  });

  it('says that a command broke off when the device is gone', async () => {
    const ann = await open('ann');
    const kitchen = start('kitchen');
    await ann.choose('kitchen');
    const count = await ann.run('Count', { To: '10000', Every: '20' });
    await count.getByText('1 of 10000', { exact: true }).waitFor();
    await kitchen.close();
    await count.getByText('BROKE_OFF').waitFor();
    await ann.device('kitchen').waitFor({ state: 'detached' });
    const again = await ann.run('Uptime');
    await again.getByText('OFFLINE').waitFor();
  });

  it('passes on why a device refuses', async () => {
    const ann = await open('ann');
    start('kitchen');
    await ann.choose('kitchen');
    for (let count = 1; count <= 3; count++) {
      await ann.run('Count', { To: '10000', Every: '1000' });
      await ann.device('kitchen').getByText(`${count} running`).waitFor();
    }
    const fourth = await ann.run('Uptime');
    await fourth.getByText('BUSY this device has enough to do').waitFor();
    await fourth.getByText('refused', { exact: true }).waitFor();
  });

  it('lets no device see or command others, and nobody in without a token', async () => {
    start('kitchen');
    const laptop = await open('laptop', 'device');
    await laptop.page.getByText('FORBIDDEN: a device may not see who is there.').waitFor();
    expect(await laptop.device('kitchen').count()).toBe(0);
    const attempt = await laptop.run('Uptime');
    await attempt.getByText('FORBIDDEN only operators run commands').waitFor();

    const stranger = await Operator.open(browser, server.url, 'nonsense');
    operators.push(stranger);
    await stranger.page.getByText('this token is not valid here').waitFor();
    await stranger.page
      .getByRole('textbox', { name: 'Token' })
      .fill(createToken(secret, { role: 'operator', name: 'cid' }));
    await stranger.page.getByRole('button', { name: 'Go on' }).click();
    await stranger.device('kitchen').waitFor();
  });
});
