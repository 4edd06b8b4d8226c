import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import { createUpgradeGate } from '@typewire/node';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../vitest.chromium.ts';
import { createCertificate } from './certificate.ts';
import { listenOnLoopback } from './test-server.ts';

const title = hasChromium ? 'Chromium' : `Chromium (skipped: there is none at ${chromiumPath})`;

describe.skipIf(!hasChromium)(title, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
  });
  afterAll(() => browser.close());

  it('opens all sockets of a page on the HTTP/2 session the page came by', async () => {
    const sessions: ServerHttp2Session[] = [];
    const server = createSecureServer({ ...createCertificate('IP:127.0.0.1'), allowHTTP1: true }, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>'),
    );
    let upgrades = 0;
    server.on('upgrade', () => upgrades++);
    server.on('session', (session) => sessions.push(session));
    const gate = createUpgradeGate(server);
    gate.mount('/echo', { protocols: ['echo.v1'] }, (connection) => {
      connection.on('message', (message) => connection.send(message));
    });
    const port = await listenOnLoopback(server);
    onTestFinished(() => gate.closeServer({ timeoutMs: 0 }));

    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    await page.goto(`https://127.0.0.1:${port}/`);
    const answers = await page.evaluate(async (count) => {
      const open = (index: number) =>
        new Promise<string>((resolve, reject) => {
          const socket = new WebSocket(`wss://${location.host}/echo`, ['echo.v1']);
          socket.onopen = () => socket.send(`number ${index}`);
          socket.onerror = () => reject(new Error('the socket failed'));
          socket.onmessage = ({ data }) => {
            socket.onclose = ({ code, wasClean }) => resolve(`${data} ${socket.protocol} ${code} ${wasClean}`);
            socket.close(1000);
          };
        });
      return Promise.all(Array.from({ length: count }, (_, index) => open(index)));
    }, 5);
    expect(answers).toEqual([0, 1, 2, 3, 4].map((index) => `number ${index} echo.v1 1000 true`));
    expect(upgrades, 'no socket took the way of HTTP/1.1').toBe(0);
    expect(sessions).toHaveLength(1);
  });
});
