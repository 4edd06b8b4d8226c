import { describe, expect, it } from 'vitest';
import { createClose } from '../src/close-frame.ts';
import { FrameError, type FrameErrorCode } from '../src/errors.ts';
import { Opcode } from '../src/opcode.ts';
import { concat, fromHex, toHex, utf8 } from './bytes.ts';
import { frame } from './frames.ts';
import { TestMachine } from './test-machine.ts';

const mask = { maskKey: 0x01020304 };
const done = toHex(concat(fromHex('03e8'), utf8('done')));

function expectFailure(server: TestMachine, code: FrameErrorCode, closeHex: string): void {
  const happenings = server.news();
  expect(happenings.slice(-2)).toEqual([['send', 'close', closeHex], ['end']]);
  server.machine.eof();
  expect(server.news()).toEqual([
    [
      'closed',
      { code: Number.parseInt(closeHex, 16), reason: '', clean: false, error: expect.objectContaining({ code }) },
    ],
  ]);
}

describe('messages', () => {
  it('are delivered in order, with control frames in between', () => {
    const server = new TestMachine('server');
    server.machine.receive(
      concat(
        server.peerFrame(Opcode.Text, 'one'),
        server.peerFrame(Opcode.Binary, fromHex('02'), false),
        server.peerFrame(Opcode.Pong, fromHex('aa')),
        server.peerFrame(Opcode.Continuation, fromHex('03')),
      ),
    );
    expect(server.news()).toEqual([
      ['text', 'one'],
      ['pong', 'aa'],
      ['binary', '0203'],
    ]);
  });

  it('are sent while open, and refused without an error afterwards', () => {
    const server = new TestMachine('server');
    const { machine } = server;
    expect([machine.sendText('a'), machine.sendBinary(fromHex('01')), machine.ping(fromHex('02'))]).toEqual([
      true,
      true,
      true,
    ]);
    server.receive(Opcode.Close);
    server.news();
    expect([machine.sendText('a'), machine.sendBinary(fromHex('01')), machine.ping(fromHex('02'))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(server.news()).toEqual([]);
  });
});

describe('pings', () => {
  it('are told and answered with their own payload', () => {
    const server = new TestMachine('server');
    server.receive(Opcode.Ping, 'hi');
    expect(server.news()).toEqual([
      ['ping', '6869'],
      ['send', 'pong', '6869'],
    ]);
  });

  it('are answered one by one when several come at a time, each before the messages behind it', () => {
    const server = new TestMachine('server');
    server.onMessage = () => server.machine.sendText('echo');
    server.machine.receive(
      concat(
        server.peerFrame(Opcode.Ping, 'a'),
        server.peerFrame(Opcode.Ping, 'b'),
        server.peerFrame(Opcode.Text, 'message'),
        server.peerFrame(Opcode.Ping, 'c'),
      ),
    );
    expect(server.news().filter(([what]) => what === 'send')).toEqual([
      ['send', 'pong', '61'],
      ['send', 'pong', '62'],
      ['send', 'text', toHex(utf8('echo'))],
      ['send', 'pong', '63'],
    ]);
  });

  it('are answered when the peer reads again, if it did not, and only the newest', () => {
    const server = new TestMachine('server');
    server.blocked = true;
    for (const payload of ['a', 'b', 'c']) server.receive(Opcode.Ping, payload);
    expect(server.news().filter(([what]) => what === 'send')).toEqual([]);
    server.blocked = false;
    server.machine.outputDrained();
    server.machine.outputDrained();
    expect(server.news()).toEqual([['send', 'pong', '63']]);
  });

  it('are answered before a close that follows them, and not after our own', () => {
    const server = new TestMachine('server');
    server.machine.receive(concat(server.peerFrame(Opcode.Ping, 'a'), server.peerFrame(Opcode.Close)));
    expect(server.news().filter(([what]) => what === 'send')).toEqual([
      ['send', 'pong', '61'],
      ['send', 'close', ''],
    ]);
    const other = new TestMachine('server');
    other.machine.close(createClose(1000));
    other.receive(Opcode.Ping, 'a');
    expect(other.news()).toEqual([
      ['send', 'close', '03e8'],
      ['ping', '61'],
    ]);
  });

  it('fail the connection when there are too many of them, pongs included', () => {
    const server = new TestMachine('server', { maxControlFrames: 4 });
    for (const opcode of [Opcode.Ping, Opcode.Pong, Opcode.Ping, Opcode.Pong]) server.receive(opcode);
    server.advance(9_999);
    server.receive(Opcode.Pong);
    expectFailure(server, 'TOO_MANY_CONTROL_FRAMES', '03f0');
  });

  it('may be many when they are spread over time', () => {
    const server = new TestMachine('server', { maxControlFrames: 4 });
    for (let count = 0; count < 50; count++) {
      server.receive(Opcode.Ping);
      server.advance(2_500);
    }
    expect(server.machine.state).toBe('open');
  });
});

describe('broken rules', () => {
  it.each<[string, Uint8Array, FrameErrorCode, string]>([
    ['a reserved opcode', fromHex('8380 00000000'), 'UNKNOWN_OPCODE', '03ea'],
    ['RSV1', fromHex('c180 00000000'), 'RESERVED_BIT', '03ea'],
    ['RSV2', fromHex('a180 00000000'), 'RESERVED_BIT', '03ea'],
    ['RSV3 on a ping', fromHex('9980 00000000'), 'RESERVED_BIT', '03ea'],
    ['an unmasked frame of a client', fromHex('8100'), 'MASK_MISSING', '03ea'],
    ['a fragmented ping', frame({ opcode: Opcode.Ping, fin: false, ...mask }), 'FRAGMENTED_CONTROL', '03ea'],
    ['a ping of 126 bytes', fromHex('89fe 007e 00000000'), 'CONTROL_TOO_LONG', '03ea'],
    ['a close of 64 KiB', fromHex('88ff 0000000000010000 00000000'), 'CONTROL_TOO_LONG', '03ea'],
    ['a length in too many bytes', fromHex('81fe 0001 00000000'), 'NON_MINIMAL_LENGTH', '03ea'],
    ['a continuation of nothing', frame({ opcode: Opcode.Continuation, ...mask }), 'UNEXPECTED_CONTINUATION', '03ea'],
    ['a message too long', fromHex('82ff 0000000000100001 00000000'), 'PAYLOAD_TOO_BIG', '03f1'],
    ['a length of 2^53 - 1', fromHex('82ff 001fffffffffffff 00000000'), 'PAYLOAD_TOO_BIG', '03f1'],
    ['a length of 2^63', fromHex('82ff 8000000000000000 00000000'), 'PAYLOAD_TOO_BIG', '03f1'],
    [
      'text that is not UTF-8',
      frame({ opcode: Opcode.Text, payload: fromHex('c0af'), ...mask }),
      'INVALID_UTF8',
      '03ef',
    ],
    [
      'half a close code',
      frame({ opcode: Opcode.Close, payload: fromHex('03'), ...mask }),
      'BAD_CLOSE_PAYLOAD',
      '03ea',
    ],
    [
      'the close code 1006',
      frame({ opcode: Opcode.Close, payload: fromHex('03ee'), ...mask }),
      'BAD_CLOSE_CODE',
      '03ea',
    ],
    [
      'a close reason that is not UTF-8',
      frame({ opcode: Opcode.Close, payload: fromHex('03e8ff'), ...mask }),
      'INVALID_UTF8',
      '03ef',
    ],
  ])('fail the connection: %s', (_, bytes, code, closeHex) => {
    const server = new TestMachine('server');
    server.machine.receive(bytes.slice());
    expectFailure(server, code, closeHex);
    // The same byte by byte.
    const slow = new TestMachine('server');
    for (const byte of bytes) slow.machine.receive(new Uint8Array([byte]));
    expectFailure(slow, code, closeHex);
  });

  it('include a masked frame of a server', () => {
    const client = new TestMachine('client');
    client.machine.receive(frame({ opcode: Opcode.Text, ...mask }));
    expectFailure(client, 'MASK_FORBIDDEN', '03ea');
  });

  it('include too many fragments', () => {
    const server = new TestMachine('server', { maxFragments: 2 });
    server.receive(Opcode.Text, '', false);
    for (let count = 0; count < 2; count++) server.receive(Opcode.Continuation, '', false);
    expectFailure(server, 'TOO_MANY_FRAGMENTS', '03f0');
  });

  it('make everything that follows be discarded, in the same chunk and in later ones', () => {
    const server = new TestMachine('server');
    const text = server.peerFrame(Opcode.Text, 'late');
    server.machine.receive(concat(server.peerFrame(Opcode.Text, 'before'), fromHex('8380 00000000'), text.slice()));
    server.machine.receive(text);
    expect(server.news()).toEqual([['text', 'before'], ['send', 'close', '03ea'], ['end']]);
  });

  it('are not the only thing that can go wrong: what fails on our side closes with 1011', () => {
    const server = new TestMachine('server');
    const cause = new RangeError('Array buffer allocation failed');
    server.onMessage = () => {
      throw cause;
    };
    server.receive(Opcode.Text, 'unlucky');
    server.machine.eof();
    expect(server.news().slice(1)).toEqual([
      ['send', 'close', '03f3'],
      ['end'],
      ['closed', { code: 1011, reason: '', clean: false, error: expect.objectContaining({ code: 'INTERNAL', cause }) }],
    ]);
  });

  it('after our own close end the transport without another one', () => {
    const server = new TestMachine('server');
    server.machine.close(createClose(1000));
    server.machine.receive(fromHex('8100'));
    expect(server.news()).toEqual([['send', 'close', '03e8'], ['end']]);
  });

  it('are not told twice: the first error is the cause', () => {
    const server = new TestMachine('server');
    server.machine.receive(fromHex('8100'));
    server.machine.fail(new FrameError('TOO_SLOW', 'later'));
    server.machine.eof(new Error('ECONNRESET'));
    expect(server.news().at(-1)).toEqual([
      'closed',
      { code: 1002, reason: '', clean: false, error: expect.objectContaining({ code: 'MASK_MISSING' }) },
    ]);
  });
});

describe('closing', () => {
  it('a server answers a close and ends TCP at once', () => {
    const server = new TestMachine('server');
    server.receive(Opcode.Close, fromHex(done));
    expect(server.machine.state).toBe('closing');
    server.machine.eof();
    expect(server.news()).toEqual([
      ['send', 'close', done],
      ['end'],
      ['closed', { code: 1000, reason: 'done', clean: true }],
    ]);
    expect(server.machine.state).toBe('closed');
  });

  it('a client answers a close and waits for the server to end TCP, but not for ever', () => {
    const client = new TestMachine('client');
    client.receive(Opcode.Close, fromHex(done));
    expect(client.news()).toEqual([['send', 'close', done]]);
    client.advance(4_999);
    expect(client.news()).toEqual([]);
    client.advance(1);
    expect(client.news()).toEqual([['destroy'], ['closed', { code: 1000, reason: 'done', clean: true }]]);
  });

  it('still delivers what the peer sent before its close, and nothing after it', () => {
    const server = new TestMachine('server');
    server.machine.close(createClose(1001));
    server.receive(Opcode.Text, 'on its way');
    server.machine.receive(
      concat(server.peerFrame(Opcode.Close, fromHex('03e9')), server.peerFrame(Opcode.Text, 'late')),
    );
    server.machine.eof();
    expect(server.news()).toEqual([
      ['send', 'close', '03e9'],
      ['text', 'on its way'],
      ['end'],
      ['closed', { code: 1001, reason: '', clean: true }],
    ]);
  });

  it('gives up on a peer that does not answer', () => {
    const server = new TestMachine('server');
    server.machine.close(createClose(1000));
    expect(server.machine.deadlineMs).toBe(5_000);
    server.advance(5_000);
    expect(server.news().slice(1)).toEqual([
      ['destroy'],
      ['closed', { code: 1006, reason: '', clean: false, error: expect.objectContaining({ code: 'CLOSE_TIMEOUT' }) }],
    ]);
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('reports 1006 with the cause when the transport vanishes', () => {
    const server = new TestMachine('server');
    const error = new Error('ECONNRESET');
    server.machine.receive(fromHex('82fe 0100'));
    server.machine.eof(error);
    server.machine.eof();
    expect(server.news()).toEqual([['closed', { code: 1006, reason: '', clean: false, error }]]);
  });

  it('by termination delivers nothing more, not even of the current chunk', () => {
    const server = new TestMachine('server');
    server.onMessage = () => server.machine.terminate();
    server.machine.receive(concat(server.peerFrame(Opcode.Text, '1'), server.peerFrame(Opcode.Text, '2')));
    expect(server.news()).toEqual([['text', '1'], ['destroy'], ['closed', { code: 1006, reason: '', clean: false }]]);
  });

  it('within a message takes effect at once', () => {
    const server = new TestMachine('server');
    server.onMessage = () => server.machine.close(createClose(1000));
    server.machine.receive(concat(server.peerFrame(Opcode.Text, '1'), server.peerFrame(Opcode.Ping)));
    expect(server.news()).toEqual([
      ['text', '1'],
      ['send', 'close', '03e8'],
      ['ping', ''],
    ]);
  });
});

describe('the message deadline', () => {
  it('begins with the first byte of a message, be it half a header', () => {
    const server = new TestMachine('server');
    server.machine.receive(fromHex('81'));
    server.advance(29_999);
    expect(server.machine.state).toBe('open');
    server.advance(1);
    expectFailure(server, 'MESSAGE_TIMEOUT', '03f0');
  });

  it('is not moved by bytes, fragments or pings of the same message', () => {
    const server = new TestMachine('server');
    server.receive(Opcode.Text, 'a', false);
    for (let count = 0; count < 2; count++) {
      server.advance(10_000);
      server.receive(Opcode.Ping);
      server.receive(Opcode.Continuation, 'a', false);
    }
    expect(server.machine.deadlineMs).toBe(30_000);
    server.advance(10_000);
    expectFailure(server, 'MESSAGE_TIMEOUT', '03f0');
  });

  it('begins anew with a message that begins in the chunk in which another ends', () => {
    const server = new TestMachine('server');
    const bytes = server.peerFrame(Opcode.Text, 'abc');
    server.machine.receive(bytes.slice(0, 4));
    server.advance(20_000);
    server.machine.receive(concat(bytes.slice(4), bytes.slice(0, 2)));
    expect(server.machine.deadlineMs).toBe(50_000);
    server.machine.receive(bytes.slice(2));
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not count the time in which we do not read', () => {
    const server = new TestMachine('server');
    server.machine.receive(fromHex('81'));
    server.machine.setReading(false);
    server.advance(60_000);
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
    server.machine.setReading(true);
    expect(server.machine.deadlineMs).toBe(90_000);
    server.machine.receive(fromHex('80 00000000'));
    server.machine.setReading(false);
    server.machine.setReading(true);
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('is over with the connection', () => {
    const server = new TestMachine('server');
    server.machine.receive(fromHex('81'));
    server.machine.eof();
    expect(server.machine.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not mind early calls of tick', () => {
    const server = new TestMachine('server');
    server.machine.receive(fromHex('81'));
    server.machine.tick();
    expect(server.news()).toEqual([]);
  });
});
