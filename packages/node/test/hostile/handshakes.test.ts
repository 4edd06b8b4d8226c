import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, upgradeText } from '../raw-client.ts';
import { Target } from './target.ts';

let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

/** What the port answers a request with, once it has ended the connection. */
async function answerTo(port: number, text: string): Promise<string> {
  const client = await RawClient.open(port);
  client.write(text);
  return client.untilClosed();
}

describe('names that every object of JavaScript has', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  it.each(names)('%s is a name like any other', async (name) => {
    for (const port of [target.ports.strict, target.ports.http]) {
      const client = await RawClient.open(port);
      client.write(
        upgradeText({
          Host: `127.0.0.1:${port}`,
          'Sec-WebSocket-Extensions': `${name}; ${name}=1, permessage-deflate; ${name}`,
          'Sec-WebSocket-Protocol': name,
          [name]: name,
        }),
      );
      const answer = await client.until('\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 101 /);
      expect(answer).not.toContain('Sec-WebSocket-Extensions');
      expect(answer).not.toContain('Sec-WebSocket-Protocol');
      client.reset();
    }
    await target.expectUnharmed();
  });
});

describe('headers made to be slow', () => {
  const shapes: [name: string, header: (length: number) => string][] = [
    ['blanks between subprotocols', (length) => `Sec-WebSocket-Protocol: b${' '.repeat(length)}x`],
    ['commas', (length) => `Sec-WebSocket-Protocol: ${','.repeat(length)}a`],
    ['a quoted string that never ends', (length) => `Sec-WebSocket-Extensions: a; b="${'\\c'.repeat(length / 2)}`],
    ['parameters without end', (length) => `Sec-WebSocket-Extensions: a${';b=c'.repeat(length / 4)}`],
    ['a line that goes on', (length) => `X: ${'y'.repeat(length)}`],
  ];
  it.each(shapes)('%s cost in proportion to their length', async (_, header) => {
    const ask = (length: number) => async () => {
      for (let count = 0; count < 20; count++) {
        const client = await RawClient.open(target.ports.lenient);
        client.write(upgradeText().replace('\r\n\r\n', `\r\n${header(length)}\r\n\r\n`));
        await client.until('\r\n\r\n');
        client.reset();
      }
    };
    await ask(16_000)();
    const [short, long] = [await target.cpuOf(ask(15_000)), await target.cpuOf(ask(60_000))];
    expect(long / short).toBeLessThan(9);
    await target.expectUnharmed();
  });

  it('a head that comes byte by byte costs no more than its bytes', async () => {
    const client = await RawClient.open(target.ports.strict);
    await client.trickle(upgradeText({ X: 'y'.repeat(2_000) }));
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 101 /);
    client.reset();
    await target.expectUnharmed();
  });
});

describe('requests that are refused', () => {
  it.each<[what: string, text: string, strict: number | null, http: number | null]>([
    ['2,100 headers', upgradeText().replace('\r\n\r\n', `\r\n${'a:b\r\n'.repeat(2_100)}\r\n`), 431, 400],
    ['a head of 20 kB', upgradeText({ X: 'y'.repeat(20_000) }), 431, 431],
    ['HTTP/1.0', upgradeText({}, 'GET / HTTP/1.0'), 400, 400],
    ['an unknown version', upgradeText({ 'Sec-WebSocket-Version': '12' }), 426, 426],
    ['no key', upgradeText({ 'Sec-WebSocket-Key': null }), 400, 400],
    ['an Upgrade to something else', upgradeText({ Upgrade: 'h2c' }), 400, 400],
    ['the first byte of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 400],
  ])('with %s are answered, and their sockets ended', async (_, text, strict, http) => {
    expect(Number((await answerTo(target.ports.strict, text)).slice(9, 12))).toBe(strict);
    expect(Number((await answerTo(target.ports.http, text.replace('a.example', '127.0.0.1'))).slice(9, 12))).toBe(http);
    await target.expectUnharmed();
  });

  it.each(['websocket, foo', 'WEBSOCKET', 'foo, websocket', 'websocket,'])(
    'an Upgrade header of %j crashes nobody',
    async (upgrade) => {
      for (const port of [target.ports.strict, target.ports.http]) {
        const client = await RawClient.open(port);
        client.write(upgradeText({ Upgrade: upgrade, Host: `127.0.0.1:${port}` }));
        expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 (101|400) /);
        client.reset();
      }
      await target.expectUnharmed();
    },
  );
});

describe('half-open handshakes', () => {
  it('by the thousand do not keep a fair client out, and cost little', async () => {
    const before = await target.usage();
    const waiting = await Promise.all(Array.from({ length: 1_000 }, () => RawClient.open(target.ports.strict)));
    for (const client of waiting) client.write('GET / HT');
    const client = await target.connect();
    client.reset();
    const after = await target.usage();
    expect((after.bufferBytes - before.bufferBytes) / waiting.length).toBeLessThan(1_024);
    for (const one of waiting) one.reset();
    await target.expectUnharmed();
  });

  it.each([
    ['before a byte', ''],
    ['in the head', 'GET / HTTP/1.1\r\nHost: a'],
    ['right behind the request', upgradeText()],
    ['in the first frame', `${upgradeText()}\x81`],
  ])('that are reset %s harm nobody', async (_, text) => {
    for (const port of [target.ports.strict, target.ports.http]) {
      for (let count = 0; count < 10; count++) {
        const client = await RawClient.open(port);
        if (text !== '') await new Promise((resolve) => client.socket.write(text, 'latin1', resolve));
        client.reset();
      }
    }
    await target.expectUnharmed();
  });
});
