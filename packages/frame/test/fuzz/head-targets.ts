import {
  createUpgradeOffer,
  isRefusalStatus,
  RequestHeadParser,
  ResponseHeadParser,
  readUpgradeRequest,
  readUpgradeResponse,
  type UpgradeRequest,
  writeAcceptance,
  writeRefusal,
} from '@typewire/frame';
import { requestOf, responseOf } from '../conformance/handshake/messages.ts';
import { requestRules } from '../conformance/handshake/request-rules.ts';
import { responseRules } from '../conformance/handshake/response-rules.ts';
import { latin1, sha1 } from '../handshake/request-text.ts';
import { readCorpus } from './corpus.ts';
import { checkLines, describeReading, isShort, readHead } from './reading.ts';
import { type FuzzTarget, playInPieces } from './target.ts';

/** Whatever was accepted can be answered, and nothing of it can break a line of a log or of an answer. */
function checkRequest(request: UpgradeRequest): void {
  const { host, path, query, origin, protocols, key } = request;
  for (const text of [host, path, key ?? '', ...protocols]) {
    if (!/^[!-~]+$/.test(text)) throw new Error(`what is not visible ASCII in ${JSON.stringify(text)}`);
  }
  if (!/^[!-~]*$/.test(query)) throw new Error(`what is not visible ASCII in ${JSON.stringify(query)}`);
  if (origin !== null && !/^[\t -~\x80-\xff]*$/.test(origin)) throw new Error('a control character in the origin');
  for (const protocol of [null, ...protocols]) {
    const answer = latin1(writeAcceptance(request, { sha1, protocol }));
    const outcome = new ResponseHeadParser({ maxHeadBytes: 16_384 }).push(answer);
    if (outcome?.type !== 'head' || outcome.head.status !== 101 || outcome.rest.length > 0) {
      throw new Error('the 101 is not one head');
    }
  }
}

export const requestTarget: FuzzTarget = {
  name: 'requests',
  corpus: [...readCorpus('requests'), ...requestRules.map((rule) => latin1(requestOf(rule))).filter(isShort)],
  dictionary: [
    ...[
      '\r\n',
      '\r\n\r\n',
      '\n',
      '\r',
      '\0',
      '\r\0',
      '\0\n',
      '\r\r\n',
      ' ',
      '\t',
      ':',
      ',',
      '"',
      ';',
      '\x7f',
      '\xff',
      'GET ',
      ' HTTP/1.1',
      '/',
    ],
    ...[
      'Host: a',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Origin: null',
      '__proto__',
    ],
    ...[
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: a, b',
      'Content-Length: 0',
      '@',
      '#',
      '://',
    ],
  ].map(latin1),
  play(input, random) {
    const reading = playInPieces(
      input,
      random,
      (chunks) => readHead(new RequestHeadParser(), chunks, readUpgradeRequest),
      describeReading,
    );
    if (reading.type === 'incomplete') return 'incomplete';
    if (reading.type === 'read') {
      checkLines(input, reading.rest);
      checkRequest(reading.value);
      return `accepted version ${reading.value.version} protocols ${Math.min(reading.value.protocols.length, 2)}`;
    }
    const { code, status, message } = reading.error;
    if (status === null || !isRefusalStatus(status)) throw new Error(`${code} has no status`);
    writeRefusal(status, message);
    return `${code}: ${message}`;
  },
};

const offer = createUpgradeOffer({
  host: 'a',
  target: '/',
  nonce: new Uint8Array(16),
  protocols: ['chat', 'superchat'],
});

export const responseTarget: FuzzTarget = {
  name: 'responses',
  corpus: [
    ...readCorpus('responses'),
    ...responseRules.map((rule) => latin1(responseOf(rule, offer.key))).filter(isShort),
  ],
  dictionary: [
    ...[
      '\r\n',
      '\r\n\r\n',
      '\n',
      '\r',
      '\0',
      '\r\0',
      '\0\n',
      '\r\r\n',
      ' ',
      ':',
      ',',
      'HTTP/1.1 ',
      '101',
      '200',
      'Upgrade: websocket',
      '\xff',
    ],
    ...['Connection: Upgrade', 'Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Extensions: a', 'Sec-WebSocket-Accept: '],
  ].map(latin1),
  play(input, random) {
    const reading = playInPieces(
      input,
      random,
      (chunks) => readHead(new ResponseHeadParser(), chunks, (head) => readUpgradeResponse(head, offer, sha1)),
      describeReading,
    );
    if (reading.type === 'incomplete') return 'incomplete';
    if (reading.type === 'refused') return `${reading.error.code}: ${reading.error.message}`;
    checkLines(input, reading.rest);
    const { protocol } = reading.value;
    if (protocol !== null && !offer.protocols.includes(protocol)) throw new Error('a subprotocol that was not offered');
    return `opened with ${protocol}`;
  },
};
