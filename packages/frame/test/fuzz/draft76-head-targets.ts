import { createHash } from 'node:crypto';
import {
  type HandshakeResult,
  isRefusalStatus,
  RequestHeadParser,
  type ResponseHead,
  ResponseHeadParser,
  writeRefusal,
} from '@typewire/frame';
import {
  ANSWER_BYTES,
  createDraft76Offer,
  type Draft76Offer,
  type Draft76Request,
  KEY3_BYTES,
  readDraft76Request,
  readDraft76Response,
  writeDraft76Acceptance,
} from '@typewire/frame/draft76';
import vectors from '../../vectors/draft76.json' with { type: 'json' };
import { latin1 } from '../handshake/request-text.ts';
import { readCorpus } from './corpus.ts';
import { checkLines, describeReading, isShort, readHead } from './reading.ts';
import { type FuzzTarget, playInPieces } from './target.ts';

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();

const separators = ['\r\n', '\r\n\r\n', '\n', '\r', '\0', ' ', '   ', ':', '1', '12', '9999999999', '\x7f', '\xff'];

function requestOf(key1: string, key2: string, key3: Uint8Array, changes: Readonly<Record<string, string>> = {}) {
  const headers = {
    Host: 'example.com',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key2': key2,
    'Sec-WebSocket-Protocol': 'sample',
    Upgrade: 'WebSocket',
    'Sec-WebSocket-Key1': key1,
    Origin: 'http://example.com',
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = latin1(['GET /demo HTTP/1.1', ...lines, '', ''].join('\r\n'));
  return Uint8Array.from([...head, ...key3]);
}

const requests = vectors.map(({ key1, key2, key3Text, key3Hex }) =>
  requestOf(key1, key2, key3Text === undefined ? Buffer.from(String(key3Hex), 'hex') : latin1(key3Text)),
);
const sampleKeys = ['4 @1  46546xW%0l 1 5', '12998 5 Y3 1  .P00', latin1('^n:ds[4U')] as const;

/** The number of a key, in arithmetic without bounds; `null` if it makes none. §5.2. */
function numberOf(key: string): bigint | null {
  const digits = key.replace(/[^0-9]/g, '');
  const spaces = BigInt(key.split(' ').length - 1);
  if (digits === '' || spaces === 0n || BigInt(digits) % spaces !== 0n) return null;
  const number = BigInt(digits) / spaces;
  return number > 0xffff_ffffn ? null : number;
}

function proofOf(key1: string, key2: string, key3: Uint8Array): string | null {
  const numbers = [numberOf(key1), numberOf(key2)];
  const hex = numbers.map((number) => number?.toString(16).padStart(8, '0'));
  if (numbers.includes(null)) return null;
  return md5(Buffer.concat([Buffer.from(hex.join(''), 'hex'), key3])).toString('latin1');
}

/** Whatever was accepted is one head and the proof, and the client that sent the request takes it. */
function checkAcceptance(request: Draft76Request, key3: Uint8Array): string {
  const proof = proofOf(request.key1, request.key2, key3);
  const written = writeDraft76Acceptance(request, key3, { md5, secure: false });
  if (!written.ok) {
    const { code, status } = written.error;
    if (status === null || !isRefusalStatus(status)) throw new Error(`${code} has no status`);
    if ((code === 'BAD_KEY') !== (proof === null)) throw new Error(`${code} for keys whose proof is ${proof}`);
    return code;
  }
  const outcome = new ResponseHeadParser({ maxHeadBytes: 16_384 }).push(written.value);
  if (outcome?.type !== 'head' || outcome.rest.length !== ANSWER_BYTES) throw new Error('the 101 is not one head');
  if (Buffer.from(outcome.rest).toString('latin1') !== proof) throw new Error('another proof');
  const { host, path, query, origin, protocol, key1, key2 } = request;
  const target = query === '' ? path : `${path}?${query}`;
  const asked: Draft76Offer = { host, target, secure: false, origin, protocol, key1, key2, key3, head: '' };
  const read = readDraft76Response(outcome.head, outcome.rest, asked, md5);
  if (!read.ok) throw read.error;
  return `accepted ${protocol === null ? 'without' : 'with'} a subprotocol`;
}

export const draft76RequestTarget: FuzzTarget = {
  name: 'draft76-requests',
  corpus: [
    ...readCorpus('draft76-requests'),
    ...requests,
    ...[
      { Host: 'a@b' },
      { Upgrade: 'h2c' },
      { Connection: 'close' },
      { Origin: '' },
      { 'Content-Length': '8' },
      { 'Sec-WebSocket-Protocol': '' },
      { 'Sec-WebSocket-Key1': `${'9'.repeat(60)} 1` },
      { 'Sec-WebSocket-Key2': '7 1 1' },
    ].map((changes) => requestOf(...sampleKeys, changes)),
  ].filter(isShort),
  dictionary: [
    ...separators,
    ...['Sec-WebSocket-Key1: 1 2', 'Sec-WebSocket-Protocol: a', 'Origin: null', 'Content-Length: 0', '__proto__: a'],
    ...['Transfer-Encoding: chunked', 'Upgrade: websocket', '^n:ds[4U', '?', '#', '//'],
  ].map(latin1),
  play(input, random) {
    const reading = playInPieces(
      input,
      random,
      (chunks) => readHead(new RequestHeadParser(), chunks, readDraft76Request),
      describeReading,
    );
    if (reading.type === 'incomplete') return 'incomplete';
    if (reading.type === 'refused') {
      const { code, status, message } = reading.error;
      if (status === null || !isRefusalStatus(status)) throw new Error(`${code} has no status`);
      writeRefusal(status, message);
      return `${code}: ${message}`;
    }
    checkLines(input, reading.rest);
    if (reading.rest.length < KEY3_BYTES) return 'without its eight bytes';
    return checkAcceptance(reading.value, latin1(reading.rest.slice(0, KEY3_BYTES)));
  },
};

const offer = createDraft76Offer({
  host: 'example.com',
  target: '/demo?a=b',
  secure: false,
  origin: 'http://page.example',
  protocol: 'sample',
  random: (bytes) => new Uint8Array(bytes).fill(7),
});

/** What our server answers it. */
function sampleAnswer(): string {
  const head = new RequestHeadParser().push(latin1(offer.head));
  if (head?.type !== 'head') throw new Error('no head');
  const read = readDraft76Request(head.head);
  if (!read.ok) throw read.error;
  const written = writeDraft76Acceptance(read.value, offer.key3, { md5, secure: false });
  if (!written.ok) throw written.error;
  return Buffer.from(written.value).toString('latin1');
}

const sample = sampleAnswer();

/** The head alone says most of it; the proof is looked at in {@link judge}. */
function judge(head: ResponseHead, rest: string): HandshakeResult<{ readonly protocol: string | null }> {
  return readDraft76Response(head, latin1(rest.slice(0, ANSWER_BYTES)), offer, md5);
}

export const draft76ResponseTarget: FuzzTarget = {
  name: 'draft76-responses',
  corpus: [
    ...readCorpus('draft76-responses'),
    ...[
      sample,
      sample.slice(0, -1),
      `${sample}\0frame\xff`,
      sample.replace('page', 'evil'),
      sample.replace('/demo', '/other'),
      sample.replace('sample', 'other'),
      sample.replace('Sec-WebSocket-Protocol: sample\r\n', ''),
      sample.replace('Upgrade: WebSocket', 'Upgrade: h2c'),
      sample.replace('Connection: Upgrade', 'Connection: close'),
      sample.replace('101 WebSocket Protocol Handshake', '200 OK'),
      sample.replace('Sec-WebSocket-Location', 'X'),
      sample.replace('Sec-WebSocket-Origin', 'X'),
    ].map(latin1),
  ],
  dictionary: [
    ...separators,
    ...['HTTP/1.1 ', '101', '200', 'Upgrade: WebSocket', 'Connection: Upgrade', 'Sec-WebSocket-Protocol: sample'],
    ...['Sec-WebSocket-Origin: http://page.example', 'Sec-WebSocket-Location: ws://example.com/demo?a=b'],
    sample.slice(-ANSWER_BYTES),
  ].map(latin1),
  play(input, random) {
    const reading = playInPieces(
      input,
      random,
      (chunks) => readHead(new ResponseHeadParser(), chunks, (head) => ({ ok: true, value: head })),
      describeReading,
    );
    if (reading.type === 'incomplete') return 'incomplete';
    if (reading.type === 'refused') return `${reading.error.code}: ${reading.error.message}`;
    checkLines(input, reading.rest);
    const result = judge(reading.value, reading.rest);
    if (!result.ok) return `${result.error.code}: ${result.error.message}`;
    const { protocol } = result.value;
    if (protocol !== null && protocol !== offer.protocol) throw new Error('a subprotocol that was not offered');
    if (!reading.rest.startsWith(sample.slice(-ANSWER_BYTES))) throw new Error('opened without the proof');
    return `opened with ${protocol}`;
  },
};
