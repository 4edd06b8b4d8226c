import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Draft76Connection, draft76Limits } from '../../src/draft76/connection.ts';
import { writeDraft76Text } from '../../src/draft76/frames.ts';
import { allocateZeroed } from '../../src/growing-buffer.ts';
import { platformText } from '../../src/text-ops.ts';
import { concat, toHex, utf8 } from '../bytes.ts';

/** A connection with a clock moved by hand; it notes everything it does. */
function start(limits = {}) {
  const happenings: unknown[][] = [];
  let nowMs = 0;
  const connection = new Draft76Connection(
    { ...draft76Limits, ...limits },
    { now: () => nowMs, text: platformText, allocate: allocateZeroed },
    {
      write: (bytes) => happenings.push(['write', toHex(bytes)]),
      text: (data) => happenings.push(['text', data]),
      endTransport: () => happenings.push(['end']),
      destroyTransport: () => happenings.push(['destroy']),
      closed: ({ clean, error }) => happenings.push(['closed', clean, (error as { code?: string })?.code]),
    },
  );
  const advance = (byMs: number) => {
    nowMs += byMs;
    if (nowMs >= connection.deadlineMs) connection.tick();
  };
  return { connection, happenings, advance };
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('a connection of draft-76', () => {
  it('delivers text between 00 and FF', () => {
    const { connection, happenings } = start();
    connection.receive(bytes('0048656c6c6fff00ff'));
    expect(happenings).toEqual([
      ['text', 'Hello'],
      ['text', ''],
    ]);
  });

  it('sends text just so', () => {
    const { connection, happenings } = start();
    expect(connection.sendText('Hé')).toBe(true);
    expect(happenings).toEqual([['write', '0048c3a9ff']]);
  });

  it('replaces what is not UTF-8, as the draft has it', () => {
    const { connection, happenings } = start();
    connection.receive(bytes('0041c341ff'));
    expect(happenings).toEqual([['text', 'A\ufffdA']]);
  });

  test.prop([fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 }), fc.array(fc.nat(60))])(
    'delivers the same however the bytes are cut',
    (texts, cuts) => {
      const { connection, happenings } = start();
      const stream = concat(...texts.map((text) => writeDraft76Text(text, platformText)));
      let at = 0;
      for (const cut of cuts) {
        connection.receive(stream.slice(at, at + cut));
        at += cut;
      }
      connection.receive(stream.slice(at));
      expect(happenings).toEqual(texts.map((text) => ['text', Buffer.from(text).toString()]));
    },
  );

  it('reads over frames of types the draft leaves to others', () => {
    const { connection, happenings } = start();
    // A text of type 1; three bytes of type 128; none of type 129; then a text of ours.
    connection.receive(bytes('01616263ff' + '8003ff00ff' + '8100' + '006fff'));
    expect(happenings).toEqual([['text', 'o']]);
  });

  it.each([
    ['text without an end', concat(bytes('00'), new Uint8Array(1_001).fill(0x61))],
    ['text of another type without an end', concat(bytes('01'), new Uint8Array(1_001).fill(0x61))],
    ['a length above the limit', bytes('80876a')],
    ['a length of 2^56', bytes('80ffffffffffffff7f')],
    ['a length that never ends', concat(bytes('80'), new Uint8Array(100).fill(0x80))],
  ])('cuts off %s before memory is taken for it', (_, input) => {
    const { connection, happenings } = start({ maxMessageBytes: 1_000 });
    connection.receive(input);
    expect(happenings).toEqual([['destroy'], ['closed', false, 'PAYLOAD_TOO_BIG']]);
    connection.receive(utf8('more'));
    expect(happenings).toHaveLength(2);
  });

  it('answers the closing handshake, and is clean', () => {
    const { connection, happenings } = start();
    connection.receive(bytes('ff00' + '006fff'));
    connection.eof();
    expect(happenings).toEqual([['write', 'ff00'], ['end'], ['closed', true, undefined]]);
    expect(connection.sendText('late')).toBe(false);
  });

  it('closes first, and hears out what the peer had on its way', () => {
    const { connection, happenings } = start();
    connection.close();
    connection.close();
    connection.receive(bytes('006fff' + 'ff00'));
    connection.eof();
    expect(happenings).toEqual([['write', 'ff00'], ['text', 'o'], ['end'], ['closed', true, undefined]]);
  });

  it('does not wait for ever for the goodbye, or the rest of a message', () => {
    const closing = start();
    closing.connection.close();
    closing.advance(4_999);
    expect(closing.connection.state).toBe('closing');
    closing.advance(1);
    expect(closing.happenings.slice(1)).toEqual([['destroy'], ['closed', false, 'CLOSE_TIMEOUT']]);
    const slow = start();
    slow.connection.receive(bytes('0061'));
    slow.advance(20_000);
    slow.connection.receive(bytes('61'));
    slow.advance(10_000);
    expect(slow.happenings).toEqual([['destroy'], ['closed', false, 'MESSAGE_TIMEOUT']]);
  });

  it('has no deadline between messages', () => {
    const { connection } = start();
    connection.receive(bytes('0061'));
    connection.receive(bytes('ff'));
    expect(connection.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('says that it was not clean when the transport just ends', () => {
    const { connection, happenings } = start();
    connection.eof(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    connection.eof();
    expect(happenings).toEqual([['closed', false, 'ECONNRESET']]);
  });
});
