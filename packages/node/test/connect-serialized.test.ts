import type { Socket } from 'node:net';
import { type ConnectOptions, connect } from '@typewire/node';
import { expect, it } from 'vitest';
import { ManualTimer } from './manual-timer.ts';
import { serverText } from './raw-client.ts';
import { acceptText, startScripted } from './scripted-server.ts';
import { eventually } from './test-server.ts';

/** A server that answers when it is told to, and handshakes to it that take turns. */
async function start() {
  const held: { readonly request: string; readonly socket: Socket }[] = [];
  const server = await startScripted((request, socket) => held.push({ request, socket }));
  const timer = new ManualTimer();
  return {
    server,
    timer,
    open: (path: string, options: ConnectOptions = {}) => {
      const attempt = connect(`${server.url}/${path}`, {
        serializeHandshakes: true,
        startTimer: timer.start,
        ...options,
      });
      attempt.catch(() => {});
      return attempt;
    },
    /** Forgets the requests that are there. */
    drop: () => void held.splice(0),
    /** Answers the request that is there. */
    answer: async (behind = '') => {
      await eventually(() => held.length === 1);
      const [one] = held.splice(0);
      one?.socket.write(acceptText(one.request) + behind, 'latin1');
    },
    /** The one request that is there and not answered. */
    underWay: async () => {
      await eventually(() => held.length > 0);
      expect(held).toHaveLength(1);
      return held[0];
    },
  };
}

function pathOf(request: string | undefined): string | undefined {
  return request?.split(' ')[1];
}

it('has one handshake to an address under way at a time, in the order of the calls', async () => {
  const { server, open, answer, underWay } = await start();
  const attempts = ['a', 'b', 'c'].map((path) => open(path));
  for (const [index, attempt] of attempts.entries()) {
    await underWay();
    // The others have not even opened TCP.
    expect(server.sockets).toHaveLength(index + 1);
    await answer();
    (await attempt).terminate();
  }
  expect(server.requests.map(pathOf)).toEqual(['/a', '/b', '/c']);
});

it.each<
  [how: string, code: string, fail: (socket: Socket | undefined, timer: ManualTimer, abort: AbortController) => void]
>([
  ['is reset', 'LOST', (socket) => socket?.resetAndDestroy()],
  ['is refused', 'BAD_STATUS', (socket) => socket?.write('HTTP/1.1 403 Forbidden\r\n\r\n')],
  ['takes too long', 'TIMED_OUT', (_, timer) => timer.advance(10_000)],
  ['is given up', 'ABORTED', (_, __, abort) => abort.abort()],
])('begins the next when one %s', async (_, code, fail) => {
  const { server, timer, open, drop, answer, underWay } = await start();
  const abort = new AbortController();
  const first = open('first', { signal: abort.signal });
  const second = open('second', { handshakeTimeoutMs: 60_000 });
  fail((await underWay())?.socket, timer, abort);
  await expect(first).rejects.toMatchObject({ code });
  drop();
  await answer();
  (await second).terminate();
  expect(server.requests.map(pathOf)).toEqual(['/first', '/second']);
  expect(timer.size).toBe(0);
});

it('begins the next when one cannot even begin', async () => {
  const options = { serializeHandshakes: true, tls: { cert: 'none' } };
  const attempts = [1, 2, 3].map(() => connect('wss://127.0.0.1:1', options));
  for (const { status } of await Promise.allSettled(attempts)) expect(status).toBe('rejected');
});

it('gives up its place when the caller does', async () => {
  const { server, timer, open, answer } = await start();
  const first = open('first');
  const abort = new AbortController();
  const reason = new Error('changed my mind');
  const second = open('second', { signal: abort.signal });
  const third = open('third');
  abort.abort(reason);
  await expect(second).rejects.toMatchObject({ name: 'ConnectError', code: 'ABORTED', cause: reason });
  await expect(open('fourth', { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
  await answer();
  (await first).terminate();
  await answer();
  (await third).terminate();
  expect(server.requests.map(pathOf)).toEqual(['/first', '/third']);
  expect(timer.size).toBe(0);
});

it('counts the time from the call, and says that it was spent waiting', async () => {
  const { server, timer, open } = await start();
  const first = open('first', { handshakeTimeoutMs: 20_000 });
  const second = open('second');
  await eventually(() => server.requests.length === 1);
  timer.advance(10_000);
  await expect(second).rejects.toMatchObject({
    name: 'ConnectError',
    code: 'TIMED_OUT',
    message: 'serializeHandshakes had it wait 10000 ms for other handshakes to the same address',
  });
  timer.advance(10_000);
  await expect(first).rejects.toMatchObject({ code: 'TIMED_OUT' });
  expect(timer.size).toBe(0);
});

it('has other ports, and whoever does not ask for it, go on', async () => {
  const one = await start();
  const two = await start();
  const waiting = one.open('waiting');
  const elsewhere = two.open('elsewhere');
  await one.underWay();
  await two.answer();
  (await elsewhere).terminate();
  const parallel = one.open('parallel', { serializeHandshakes: false });
  await eventually(() => one.server.requests.length === 2);
  const gone = Promise.allSettled([waiting, parallel]);
  for (const socket of one.server.sockets) socket.destroy();
  expect((await gone).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('gives the connection to the caller before it delivers what came with the answer', async () => {
  const { open, answer } = await start();
  const attempt = open('glued');
  await answer(serverText('one') + serverText('two'));
  const connection = await attempt;
  const messages: unknown[] = [];
  connection.on('message', (message) => messages.push(message));
  await eventually(() => messages.length === 2);
  expect(messages).toEqual(['one', 'two']);
  connection.terminate();
});
