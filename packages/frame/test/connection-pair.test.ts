import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { createClose } from '../src/close-frame.ts';
import { cut } from './bytes.ts';
import { type Happening, TestMachine } from './test-machine.ts';

/** Moves bytes both ways until nothing is left; the end of a transport arrives after its bytes. */
function settle(one: TestMachine, other: TestMachine, chunkLengths: readonly number[] = []): void {
  for (let turns = 0; one.outgoing.length > 0 || other.outgoing.length > 0; turns++) {
    if (turns > 100) throw new Error('the two never fall silent');
    move(one, other, chunkLengths);
    move(other, one, chunkLengths);
  }
  if (one.ended || other.ended) {
    one.machine.eof();
    other.machine.eof();
  }
}

function move(from: TestMachine, to: TestMachine, chunkLengths: readonly number[]): void {
  const bytes = from.outgoing;
  from.outgoing = new Uint8Array(0);
  for (const chunk of cut(bytes, chunkLengths)) to.machine.receive(chunk);
}

function outcomes(machine: TestMachine): Happening[] {
  return machine.happenings.filter(([what]) => what === 'closed');
}

const done: Happening = ['closed', { code: 1000, reason: 'done', clean: true }];

it('client and server greet, answer and part, and both call it clean', () => {
  const client = new TestMachine('client');
  const server = new TestMachine('server');
  server.onMessage = () => void server.machine.sendText('welcome');
  client.machine.sendText('hello');
  client.machine.ping(new Uint8Array([7]));
  settle(client, server);
  client.machine.close(createClose(1000, 'done'));
  settle(client, server);
  expect(client.happenings).toContainEqual(['text', 'welcome']);
  expect(client.happenings).toContainEqual(['pong', '07']);
  expect(outcomes(client)).toEqual([done]);
  expect(outcomes(server)).toEqual([done]);
});

it('both close at once, and both call it clean with what the other said', () => {
  const client = new TestMachine('client');
  const server = new TestMachine('server');
  client.machine.close(createClose(1000, 'done'));
  server.machine.close(createClose(1001, 'leaving'));
  settle(client, server);
  expect(outcomes(client)).toEqual([['closed', { code: 1001, reason: 'leaving', clean: true }]]);
  expect(outcomes(server)).toEqual([done]);
});

const step = fc.record({
  by: fc.constantFrom('client' as const, 'server' as const),
  act: fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: fc.string({ unit: 'grapheme', maxLength: 90 }) }),
    fc.record({ type: fc.constant('binary' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
    fc.record({ type: fc.constant('ping' as const), bytes: fc.uint8Array({ maxLength: 125 }) }),
  ),
  settles: fc.boolean(),
});

test.prop([fc.array(step, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 60 })), fc.boolean()])(
  'whatever the two send, in whatever chunks, arrives complete and in order, and the end is quiet',
  (steps, chunkLengths, clientCloses) => {
    const client = new TestMachine('client');
    const server = new TestMachine('server');
    for (const { by, act, settles } of steps) {
      const { machine } = by === 'client' ? client : server;
      if (act.type === 'text') machine.sendText(act.text);
      else if (act.type === 'binary') machine.sendBinary(act.bytes);
      else machine.ping(act.bytes);
      if (settles) settle(client, server, chunkLengths);
    }
    (clientCloses ? client : server).machine.close(createClose(1000, 'done'));
    settle(client, server, chunkLengths);

    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      const sent = from.happenings.flatMap(([what, kind, data]) =>
        what === 'send' && (kind === 'text' || kind === 'binary') ? [[kind, data]] : [],
      );
      const received = to.happenings.flatMap(([kind, data]) =>
        kind === 'text' ? [['text', Buffer.from(data).toString('hex')]] : kind === 'binary' ? [[kind, data]] : [],
      );
      expect(received).toEqual(sent);
      expect(outcomes(to)).toEqual([done]);
      expect(to.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
    }
  },
);

test.prop([
  fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 30 }),
  fc.constantFrom('client' as const, 'server' as const),
])('random bytes never throw, and end at most once', (chunks, role) => {
  const peer = new TestMachine(role);
  for (const chunk of chunks) peer.machine.receive(chunk);
  peer.machine.eof();
  expect(outcomes(peer).length).toBe(1);
  expect(peer.happenings.at(-1)?.[0]).toBe('closed');
});
