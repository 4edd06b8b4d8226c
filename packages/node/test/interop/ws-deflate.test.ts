import type { AddressInfo } from 'node:net';
import { connect, listen, type PerMessageDeflateOptions, type WebSocketConnection } from '@typewire/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { type ClientOptions, WebSocketServer, type PerMessageDeflateOptions as WsDeflateOptions } from 'ws';
import { readable } from './conversation.ts';

const text = JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, name: `Grüße, 世界 👋 ${id % 7}` })));
const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * index) >> 7);
/** Short and long, compressible and not, the same twice: what takeover can refer to. */
const messages: readonly (string | Uint8Array)[] = [
  text,
  '',
  text,
  'x',
  bytes,
  text.slice(5_000),
  bytes,
  'ü'.repeat(9),
];

/** Sends the messages, and collects as many answers. */
function exchange(
  send: (message: string | Uint8Array) => void,
  listenTo: (listener: (data: string | Uint8Array) => void) => void,
): Promise<string[]> {
  return new Promise((resolve) => {
    const answers: (string | Uint8Array)[] = [];
    listenTo((data) => {
      if (answers.push(data) === messages.length) resolve(readable(answers));
    });
    for (const message of messages) send(message);
  });
}

async function exchangeWithWs(port: number, perMessageDeflate: ClientOptions['perMessageDeflate'], split = false) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { ...(perMessageDeflate ? { perMessageDeflate } : {}) });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const answers = await exchange(
    (message) => {
      if (!split) return socket.send(message);
      const half = Math.floor(message.length / 2);
      const binary = typeof message !== 'string';
      // ws compresses the message as a whole and cuts what comes out.
      socket.send(message.slice(0, half), { fin: false, binary, compress: true });
      socket.ping();
      socket.send(message.slice(half), { fin: true, binary, compress: true });
    },
    (listener) =>
      socket.on('message', (data, binary) => listener(binary ? Uint8Array.from(data as Buffer) : String(data))),
  );
  const { extensions } = socket;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close(4001);
  expect(await closed).toBe(4001);
  return { answers, extensions };
}

async function startEcho(perMessageDeflate: PerMessageDeflateOptions | boolean) {
  const listener = await listen({ port: 0, host: '127.0.0.1', perMessageDeflate });
  listener.on('connection', (connection) => connection.on('message', (message) => connection.send(message)));
  onTestFinished(() => listener.close({ timeoutMs: 0 }));
  return listener.port;
}

async function startWs(perMessageDeflate: WsDeflateOptions | boolean) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const flags = [true, false];
const takeovers = flags.flatMap((serverNoContextTakeover) =>
  flags.map((clientNoContextTakeover) => ({ serverNoContextTakeover, clientNoContextTakeover })),
);
const windows = [8, 9, 12, 15];

/** To ws, `false` is no preference but a refusal. */
function inWsTerms(wanted: (typeof takeovers)[number]): Partial<typeof wanted> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
}

describe('ws as the client', () => {
  const combinations = takeovers.flatMap((own) =>
    takeovers.flatMap((theirs) => windows.map((bits) => ({ own, theirs, bits }))),
  );

  it.each(combinations)('understands $own when it wants $theirs with $bits bits', async ({ own, theirs, bits }) => {
    const port = await startEcho({
      ...own,
      thresholdBytes: 0,
      serverMaxWindowBits: 15,
      clientMaxWindowBits: 23 - bits,
    });
    const options = { ...inWsTerms(theirs), threshold: 0, serverMaxWindowBits: bits, clientMaxWindowBits: 15 };
    const { answers, extensions } = await exchangeWithWs(port, options);
    expect(answers).toEqual(readable(messages));
    expect(extensions).toContain('permessage-deflate');
  });

  it.each(takeovers)('may send its messages in fragments, with pings between them: %j', async (own) => {
    const port = await startEcho(own);
    expect((await exchangeWithWs(port, { ...inWsTerms(own), threshold: 0 }, true)).answers).toEqual(readable(messages));
  });

  it('gets what it asks for by itself', async () => {
    const port = await startEcho(true);
    const { answers, extensions } = await exchangeWithWs(port, undefined);
    expect(answers).toEqual(readable(messages));
    expect(extensions).toBe('permessage-deflate');
  });
});

describe('ws as the server', () => {
  const combinations = takeovers.flatMap((own) =>
    takeovers.flatMap((theirs) => windows.map((bits) => ({ own, theirs, bits }))),
  );

  async function talk(port: number, perMessageDeflate: PerMessageDeflateOptions | boolean) {
    const connection: WebSocketConnection = await connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate });
    const answers = await exchange(
      (message) => connection.send(message),
      (listener) => connection.on('message', listener),
    );
    const closed = new Promise((resolve) => connection.on('closed', resolve));
    connection.close(4001);
    expect(await closed).toMatchObject({ clean: true });
    return { answers, extensions: connection.extensions };
  }

  it.each(combinations)('understands $own when it wants $theirs with $bits bits', async ({ own, theirs, bits }) => {
    const port = await startWs({
      ...inWsTerms(theirs),
      threshold: 0,
      serverMaxWindowBits: bits,
      clientMaxWindowBits: 23 - bits,
    });
    const options = { ...own, thresholdBytes: 0, serverMaxWindowBits: bits, clientMaxWindowBits: 15 };
    const { answers, extensions } = await talk(port, options);
    expect(answers).toEqual(readable(messages));
    expect(extensions).toContain('permessage-deflate');
  });

  it('may decline, and the connection is plain', async () => {
    const { answers, extensions } = await talk(await startWs(false), true);
    expect(answers).toEqual(readable(messages));
    expect(extensions).toBe('');
  });

  it('takes what we ask for by default', async () => {
    const { answers, extensions } = await talk(await startWs(true), true);
    expect(answers).toEqual(readable(messages));
    expect(extensions).toContain('server_no_context_takeover');
  });
});
