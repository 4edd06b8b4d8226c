import { createServer } from 'node:net';
import { type ConnectOptions, connect } from '@typewire/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptOf } from '../../frame/test/conformance/handshake/messages.ts';
import { listenOnLoopback } from './test-server.ts';

const requests: string[] = [];
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (chunk: Buffer) => {
    const request = chunk.toString('latin1');
    requests.push(request);
    const key = /Sec-WebSocket-Key: (.*)\r/.exec(request)?.[1] ?? '';
    const accept = `Sec-WebSocket-Accept: ${acceptOf(key)}`;
    socket.write(`HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n\r\n`);
  });
});
let base = '';

beforeAll(async () => {
  base = `ws://127.0.0.1:${await listenOnLoopback(server)}`;
});

afterAll(() => void server.close());

const evil = 'X-Evil: 1';
const breaks = ['\r\n', '\n', '\r', '\0', '\x0b', '\x7f', '\u010a', '\u2028', '\r\n\r\n'];

/** What a program may pass on without having looked at it, each with `text` in it. */
const places: readonly (readonly [string, (text: string) => { url?: string; options?: ConnectOptions }])[] = [
  ['the path', (text) => ({ url: `${base}/a${text}b` })],
  ['the query', (text) => ({ url: `${base}/a?b=${text}c` })],
  ['the host', (text) => ({ url: base.replace('127', `${text}127`) })],
  ['the port', (text) => ({ url: `${base}${text}` })],
  ['an address as URL', (text) => ({ url: new URL(`/${encodeURI(text)}`, base).href })],
  ['a subprotocol', (text) => ({ options: { protocols: ['a', `b${text}c`] } })],
  ['the origin', (text) => ({ options: { origin: `http://a${text}b` } })],
  ['the value of a header', (text) => ({ options: { headers: { 'X-A': `b${text}c` } } })],
  ['the name of a header', (text) => ({ options: { headers: [[`X-A${text}B`, 'c']] } })],
  ['a value in a Map', (text) => ({ options: { headers: new Map([['X-A', `b${text}c`]]) } })],
];

describe.each(places)('what stands in %s', (_, place) => {
  it.each(breaks.map((text) => [JSON.stringify(text), text] as const))(
    'never gets a line of its own into the request: %s',
    async (__, text) => {
      requests.length = 0;
      const { url = base, options } = place(`${text}${evil}`);
      let connecting: Promise<{ terminate(): void }>;
      try {
        connecting = connect(url, options);
      } catch (error) {
        expect(error).toMatchObject({ name: 'UsageError', code: 'BAD_OPTION' });
        expect(requests).toEqual([]);
        return;
      }
      // An address that was taken has been encoded: the request has the lines it always has.
      (await connecting).terminate();
      expect(requests).toHaveLength(1);
      const [head = '', behind] = (requests[0] ?? '').split('\r\n\r\n');
      expect(behind).toBe('');
      const lines = head.split(/[\r\n]/).filter((line) => line !== '');
      expect(lines.map((line) => line.split(/[ :]/)[0])).toEqual([
        'GET',
        'Host',
        'Upgrade',
        'Connection',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Version',
      ]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(head).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\uffff]/);
    },
  );
});
