import { listen } from '@typewire/node';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumArguments, chromiumPath, hasChromium } from '../../../../vitest.chromium.ts';
import { firefoxPath, hasFirefox } from '../../../../vitest.firefox.ts';
import { closeRequest, compressions, farewell, messages, ownFarewell } from './conversation.ts';

const missing = (has: boolean, path: string): string => (has ? '' : ` (skipped: there is none at ${path})`);

const browsers = [
  [
    `Chromium${missing(hasChromium, chromiumPath)}`,
    hasChromium,
    () => puppeteer.launch({ executablePath: chromiumPath, args: chromiumArguments }),
  ],
  [
    `Firefox${missing(hasFirefox, firefoxPath)}`,
    hasFirefox,
    () => puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath }),
  ],
] as const;

/** What the page exchanges: bytes as Base64, as only JSON crosses the border to the page. */
const input = messages.map((message) =>
  typeof message === 'string' ? { text: message } : { base64: Buffer.from(message).toString('base64') },
);

for (const [name, has, launch] of browsers) {
  describe.skipIf(!has)(name, () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launch();
    });

    afterAll(() => browser?.close());

    it.each(compressions)(
      'agrees on a subprotocol, is echoed everything in order, answers a ping, and closes and is closed with a code: %s',
      async (_, perMessageDeflate) => {
        // A blank page has no origin of its own.
        const listener = await listen({
          port: 0,
          host: '127.0.0.1',
          protocols: ['chat'],
          origins: 'any',
          perMessageDeflate,
        });
        onTestFinished(() => listener.close({ timeoutMs: 0 }));
        const ends: Promise<unknown>[] = [];
        const pongs: Promise<unknown>[] = [];
        listener.on('connection', (connection) => {
          pongs.push(new Promise((resolve) => connection.on('pong', (data) => resolve(Buffer.from(data).toString()))));
          ends.push(new Promise((resolve) => connection.on('closed', resolve)));
          connection.on('message', (message) => {
            if (message === closeRequest) connection.close(farewell.code, farewell.reason);
            else connection.send(message);
          });
          connection.ping('are you there?');
        });

        const page = await browser.newPage();
        const said = await page.evaluate(talk, `ws://127.0.0.1:${listener.port}/`, input, closeRequest, ownFarewell);
        expect(said.protocol).toBe('chat');
        expect(said.extensions !== '').toBe(perMessageDeflate !== false);
        expect(said.answers.map((answer) => JSON.stringify(answer))).toEqual(
          input.map((message) => JSON.stringify(message)),
        );
        expect(said.farewell).toEqual(farewell);
        expect(await ends[0]).toEqual({ ...ownFarewell, clean: true });
        expect(await ends[1]).toMatchObject({ code: farewell.code, clean: true });
        expect(await Promise.all(pongs)).toEqual(['are you there?', 'are you there?']);
        await page.close();
      },
    );
  });
}

interface Carried {
  readonly text?: string;
  readonly base64?: string;
}

/** Runs in the page. */
async function talk(
  url: string,
  sent: readonly Carried[],
  closeText: string,
  end: { readonly code: number; readonly reason: string },
): Promise<{ protocol: string; extensions: string; answers: Carried[]; farewell: { code: number; reason: string } }> {
  const open = async () => {
    const socket = new WebSocket(url, ['other', 'chat']);
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return socket;
  };
  const socket = await open();
  const answers: Carried[] = [];
  const complete = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') answers.push({ text: data });
      else
        answers.push({ base64: btoa(Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join('')) });
      if (answers.length === sent.length) resolve();
    };
  });
  for (const { text, base64 } of sent) {
    if (text !== undefined) socket.send(text);
    else socket.send(Uint8Array.from(atob(base64 ?? ''), (char) => char.charCodeAt(0)));
  }
  await complete;
  socket.close(end.code, end.reason);
  const other = await open();
  const closed = new Promise<CloseEvent>((resolve) => {
    other.onclose = resolve;
  });
  other.send(closeText);
  const { code, reason } = await closed;
  return { protocol: socket.protocol, extensions: socket.extensions, answers, farewell: { code, reason } };
}
