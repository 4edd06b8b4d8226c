import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import type { Role } from '@typewire/frame';
import { type ConnectionOptions, connect, listen } from '@typewire/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedFrames, readable } from '../../../frame/test/conformance/expectation.ts';
import { payloadBytes } from '../../../frame/test/conformance/payload.ts';
import { bytesUntilFailure } from '../../../frame/test/conformance/peer-frames.ts';
import type { Rule } from '../../../frame/test/conformance/rule.ts';
import { rules } from '../../../frame/test/conformance/rules.ts';
import { echo, echoLimits } from '../../echo/echo-limits.ts';
import { upgradeText } from '../raw-client.ts';
import { inputBytes, readFrames, sendInPieces } from './wire.ts';

/** Plays the peer of one connection: gets its raw socket, and returns everything that was received. */
type PlayPeer = (limits: ConnectionOptions, play: (socket: Socket) => Promise<Buffer>) => Promise<Buffer>;

const stops: (() => unknown)[] = [];

afterAll(async () => {
  for (const stop of stops) await stop();
});

/** A real server for each set of limits, and a raw TCP client for each connection. */
function createServerHarness(): PlayPeer {
  const ports = new Map<string, Promise<number>>();
  const start = async (limits: ConnectionOptions): Promise<number> => {
    const listener = await listen({ port: 0, host: '127.0.0.1', ...echoLimits, ...limits });
    listener.on('connection', echo);
    stops.push(() => listener.close({ timeoutMs: 0 }));
    return listener.port;
  };
  return async (limits, play) => {
    const key = JSON.stringify(limits);
    const port = ports.get(key) ?? start(limits);
    ports.set(key, port);
    const socket = connectTcp({ port: await port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    socket.write(upgradeText());
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/);
    return play(socket);
  };
}

/** A raw TCP server, and a real client for each connection. */
async function createClientHarness(): Promise<PlayPeer> {
  let accepted: (socket: Socket) => void = () => {};
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.once('data', (request: Buffer) => {
      const key = /Sec-WebSocket-Key: (.*)\r/.exec(request.toString('latin1'))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const lines = ['HTTP/1.1 101 X', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`, () => accepted(socket));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (limits, play) => {
    const socket = new Promise<Socket>((resolve) => {
      accepted = resolve;
    });
    const connection = await connect(`ws://127.0.0.1:${port}`, { ...echoLimits, ...limits });
    echo(connection);
    return play(await socket);
  };
}

/** A connection that a rule leaves open is ended by the peer. */
function withEnd(rule: Rule): Rule {
  return rule.end.type === 'open' ? { ...rule, end: { type: 'closed', code: 1000, reason: '' } } : rule;
}

/** What is sent for a rule, and how many bytes have to come back. */
interface Play {
  readonly role: Role;
  readonly input: Buffer;
  readonly pieceBytes: number;
  readonly expectedBytes: number;
}

/**
 * Sends, and reads until the other side has ended TCP. A client lets the server do that first (§7.1.1): there we end once
 * everything that is expected has come.
 */
async function play(socket: Socket, { role, input, pieceBytes, expectedBytes }: Play): Promise<Buffer> {
  const received: Buffer[] = [];
  let missing = expectedBytes;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk);
    missing -= chunk.length;
    if (role === 'client' && missing <= 0) socket.end();
  });
  const ended = new Promise<void>((resolve) => socket.once('end', resolve).once('close', () => resolve()));
  await sendInPieces(socket, input, pieceBytes);
  await ended;
  socket.end();
  return Buffer.concat(received);
}

/** Input that is sent byte by byte has at most this length. */
const MAX_SHORT_BYTES = 100;

async function expectRule(peer: PlayPeer, rule: Rule, role: Role): Promise<void> {
  const expected = expectedFrames(withEnd(rule));
  const want = readable(expected);
  const expectedBytes = expected.reduce((sum, { payload }) => {
    const { length } = payloadBytes(payload);
    return sum + length + (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (role === 'client' ? 4 : 0);
  }, 0);
  const whole = inputBytes(rule, role);
  // Where failing at once is the rule, nothing more is sent: whoever waits for more never fails.
  const input = whole.subarray(0, bytesUntilFailure(rule, role) ?? whole.length);
  const sizes = [rule.chunkBytes?.at(-1) ?? input.length, ...(input.length <= MAX_SHORT_BYTES ? [1] : [])];
  for (const pieceBytes of sizes) {
    const received = await peer(rule.limits ?? {}, (socket) =>
      play(socket, { role, input, pieceBytes, expectedBytes }),
    );
    const frames = readFrames(received);
    expect(readable(frames), `${pieceBytes} bytes at a time`).toEqual(want);
    expect(frames.every(({ masked, bits }) => masked === (role === 'client') && bits === 0x80)).toBe(true);
  }
}

const rowsOf = (role: Role) =>
  rules.filter(({ roles }) => roles?.includes(role) ?? true).map((rule) => [rule.id, rule.title, rule] as const);

describe('a server on a socket', () => {
  const peer = createServerHarness();

  it.each(rowsOf('server'))('%s: %s', (_, __, rule) => expectRule(peer, rule, 'server'));
});

describe('a client on a socket', () => {
  let peer: PlayPeer;

  beforeAll(async () => {
    peer = await createClientHarness();
  });

  it.each(rowsOf('client'))('%s: %s', (_, __, rule) => expectRule(peer, rule, 'client'));
});
