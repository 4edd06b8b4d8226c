import type { HandshakeErrorCode } from '@typewire/frame';
import type { HeaderChanges, RequestRule } from './rule.ts';

type Row = readonly [name: string, section: string, title: string, headers: HeaderChanges, more?: Partial<RequestRule>];

const agreed = { protocol: 'chat' } as const;

/** What is right although it looks otherwise. */
const good: readonly Row[] = [
  ['sample', '1.3', 'The request of the RFC is accepted.', {}],
  ['upgrade-case', '4.2.1', 'Upgrade names websocket in any case.', { Upgrade: 'WebSocket' }],
  ['upgrade-list', '4.2.1', 'Upgrade may name other protocols beside websocket.', { Upgrade: 'h2c, ,websocket' }],
  [
    'upgrade-lines',
    '4.2.1',
    'Upgrade may be spread over several lines.',
    { Upgrade: 'h2c' },
    { extraLines: ['upgrade: websocket'] },
  ],
  [
    'connection-list',
    '4.2.1',
    'Connection may name other options beside Upgrade.',
    { Connection: 'keep-alive, Upgrade' },
  ],
  ['connection-case', '4.2.1', 'Connection names Upgrade in any case.', { Connection: 'KEEP-ALIVE ,\t uPGRADE' }],
  [
    'header-case',
    '4.2.1',
    'Names of headers count in any case.',
    { Host: null, 'Sec-WebSocket-Key': null },
    { extraLines: ['hOST: x', 'SEC-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ=='] },
  ],
  ['blanks', 'RFC 9112 §5.1', 'Blanks around a value do not belong to it.', { 'Sec-WebSocket-Version': ' \t13 \t' }],
  ['no-origin', '4.2.1', 'A program that is no browser sends no Origin.', { Origin: null }],
  ['query', '4.2.1', 'The target may have a query.', {}, { startLine: 'GET /chat?room=1&a=b HTTP/1.1' }],
  [
    'absolute-target',
    'RFC 9112 §3.2.2',
    'The target may be absolute.',
    {},
    { startLine: 'GET http://server.example.com/chat HTTP/1.1' },
  ],
  [
    'unknown-headers',
    '4.2.1',
    'Headers that are not known are ignored, whatever their names.',
    { 'X-Anything': 'a', __proto__constructor: 'b', Cookie: 'a=\xe9' },
  ],
  [
    'extension-offered',
    '9.1',
    'An extension that the server does not speak is ignored and not answered.',
    { 'Sec-WebSocket-Extensions': 'x-unknown; a=1; b="c", x-other' },
  ],
  ['version-8', '4.4', 'Version 8, the last draft, is spoken too.', { 'Sec-WebSocket-Version': '8' }],
];

const protocols: readonly RequestRule[] = (
  [
    ['none', 'Without an offer no subprotocol is spoken.', null, null],
    ['chosen', 'Of those offered the server chooses by its own order.', 'superchat, chat', 'chat'],
    ['unknown', 'Without a common subprotocol none is answered; it is the client that decides then.', 'other', null],
    ['case', 'Names of subprotocols count with their case.', 'Chat', null],
    ['prototype', 'Names of members of Object.prototype are subprotocols like others.', '__proto__, constructor', null],
  ] as const
).map(([name, title, offer, protocol]) => ({
  id: `request.protocol-${name}`,
  section: '4.2.2',
  title,
  headers: { 'Sec-WebSocket-Protocol': offer },
  expected: { protocol },
}));

const lines: RequestRule = {
  id: 'request.protocol-lines',
  section: '4.2.1',
  title: 'The offer may be spread over several lines.',
  headers: { 'Sec-WebSocket-Protocol': 'other' },
  extraLines: ['Sec-WebSocket-Protocol: another', 'sec-websocket-protocol: superchat'],
  expected: { protocol: 'superchat' },
};

function refused(code: HandshakeErrorCode, status: number, rows: readonly Row[]): RequestRule[] {
  return rows.map(([name, section, title, headers, more]) => ({
    id: `request.${name}`,
    section,
    title,
    headers,
    expected: { status, code },
    ...more,
  }));
}

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const startLine = (text: string, overHttp?: number | 'request'): Partial<RequestRule> =>
  overHttp === undefined ? { startLine: text } : { startLine: text, overHttp };

const bad: readonly RequestRule[] = [
  ...refused('BAD_METHOD', 405, [
    ['post', '4.2.1', 'The method must be GET: POST is refused.', {}, startLine('POST /chat HTTP/1.1')],
    ['head', '4.2.1', 'The method must be GET: HEAD is refused.', {}, startLine('HEAD /chat HTTP/1.1')],
    ['options', '4.2.1', 'The method must be GET: OPTIONS is refused.', {}, startLine('OPTIONS /chat HTTP/1.1')],
    ['get-lower-case', '4.2.1', 'Methods count with their case.', {}, startLine('get /chat HTTP/1.1', 400)],
  ]),
  ...refused('BAD_HTTP_VERSION', 400, [
    ['http-1.0', '4.2.1', 'HTTP/1.0 is too old.', {}, startLine('GET /chat HTTP/1.0')],
  ]),
  ...refused('BAD_START_LINE', 400, [
    ['http-0.9', '4.2.1', 'HTTP/0.9 is too old.', {}, startLine('GET /chat HTTP/0.9')],
    ['http-2', '4.2.1', 'HTTP/2 does not look like this.', {}, startLine('GET /chat HTTP/2.0')],
    ['http-lower-case', 'RFC 9112 §2.3', 'HTTP is written in upper case.', {}, startLine('GET /chat http/1.1')],
    ['two-words', 'RFC 9112 §3', 'A request line has three parts.', {}, startLine('GET /chat')],
    ['two-spaces', 'RFC 9112 §3', 'There is one space between the parts.', {}, startLine('GET  /chat HTTP/1.1', 101)],
    ['space-in-target', 'RFC 9112 §3.2', 'A target has no space.', {}, startLine('GET /a b HTTP/1.1')],
    ['nul-in-target', 'RFC 9112 §3.2', 'A target has no NUL.', {}, startLine('GET /a\0b HTTP/1.1')],
    [
      'empty-line-in-front',
      'RFC 9112 §2.2',
      'No empty line stands in front.',
      {},
      startLine('\r\nGET / HTTP/1.1', 101),
    ],
    ['method-no-token', 'RFC 9110 §9.1', 'A method is a token.', {}, startLine('G@T /chat HTTP/1.1')],
    ['asterisk', '4.2.1', 'The target is a path, not *.', {}, startLine('GET * HTTP/1.1')],
    ['other-scheme', '4.2.1', 'A target of another scheme is refused.', {}, startLine('GET file:///etc HTTP/1.1')],
  ]),
  ...refused('BAD_HEADER', 400, [
    ['folded', 'RFC 9112 §5.2', 'Folded header lines are refused.', {}, { extraLines: ['X-A: b', ' c: d'] }],
    ['space-before-colon', 'RFC 9112 §5.1', 'No space before the colon.', {}, { extraLines: ['X-A : b'] }],
    ['no-colon', 'RFC 9112 §5', 'A header line has a colon.', {}, { extraLines: ['X-A'] }],
    ['no-name', 'RFC 9112 §5', 'A header has a name.', {}, { extraLines: [': b'] }],
    ['nul-in-value', 'RFC 9110 §5.5', 'A value has no NUL.', {}, { extraLines: ['X-A: b\0c'] }],
    ['cr-in-value', 'RFC 9112 §2.2', 'A value has no bare CR.', {}, { extraLines: ['X-A: b\rX-C: d'] }],
    ['bare-lf', 'RFC 9112 §2.2', 'A bare LF ends no line.', {}, { extraLines: ['X-A: b\nX-C: d'] }],
    ['delete-in-value', 'RFC 9110 §5.5', 'A value has no DEL.', {}, { extraLines: ['X-A: \x7f'] }],
  ]),
  ...refused('BODY_NOT_ALLOWED', 400, [
    ['content-length', '4.1', 'A request with Content-Length is refused.', { 'Content-Length': '5' }],
    ['content-length-0', '4.1', 'Even a length of 0 is refused.', { 'Content-Length': '0' }],
    ['transfer-encoding', '4.1', 'A request with Transfer-Encoding is refused.', { 'Transfer-Encoding': 'chunked' }],
  ]),
  ...refused('BAD_HOST', 400, [
    ['no-host', '4.2.1', 'Host must be there.', { Host: null }],
    ['empty-host', '4.2.1', 'Host must not be empty.', { Host: '' }],
    ['host-with-user', '4.2.1', 'Host has no user name.', { Host: 'good.example@evil.example' }],
    ['host-with-path', '4.2.1', 'Host has no path.', { Host: 'a/b' }],
    ['host-with-space', '4.2.1', 'Host has no space.', { Host: 'a b' }],
  ]),
  ...refused('BAD_UPGRADE', 400, [
    ['no-upgrade', '4.2.1', 'Upgrade must be there.', { Upgrade: null }, { overHttp: 'request' }],
    ['empty-upgrade', '4.2.1', 'Upgrade must not be empty.', { Upgrade: '' }, { overHttp: 'request' }],
    ['other-upgrade', '4.2.1', 'Upgrade must name websocket.', { Upgrade: 'h2c' }],
    ['upgrade-prefix', '4.2.1', 'What only begins with websocket is another protocol.', { Upgrade: 'websocketx' }],
    [
      'upgrade-version',
      '4.2.1',
      'With a version, as in websocket/13, it is another protocol.',
      { Upgrade: 'websocket/13' },
    ],
    ['upgrade-quoted', '4.2.1', 'A quoted websocket is another protocol.', { Upgrade: '"websocket"' }],
  ]),
  ...refused('BAD_CONNECTION', 400, [
    ['no-connection', '4.2.1', 'Connection must be there.', { Connection: null }, { overHttp: 'request' }],
    ['connection-close', '4.2.1', 'Connection must name Upgrade.', { Connection: 'close' }, { overHttp: 'request' }],
    [
      'connection-prefix',
      '4.2.1',
      'What only begins with upgrade is another option.',
      { Connection: 'upgrades' },
      { overHttp: 'request' },
    ],
  ]),
  ...refused('BAD_VERSION', 426, [
    ['no-version', '4.2.1', 'Sec-WebSocket-Version must be there.', { 'Sec-WebSocket-Version': null }],
    ...['', '0', '7', '9', '12', '14', '99', '255', '256', '013', '+13', '13.0', '13, 8', '1e1'].map(
      (version): Row => [
        `version-${version === '' ? 'empty' : version.replaceAll(/[^\w+.]/g, '-')}`,
        '4.4',
        `Version ${version === '' ? 'empty' : version} is answered with 426 and the versions that are spoken.`,
        { 'Sec-WebSocket-Version': version },
      ],
    ),
  ]),
  ...refused('BAD_KEY', 400, [
    ['no-key', '4.2.1', 'Sec-WebSocket-Key must be there.', { 'Sec-WebSocket-Key': null }],
    ['empty-key', '4.2.1', 'Sec-WebSocket-Key must not be empty.', { 'Sec-WebSocket-Key': '' }],
    ['key-15', '4.2.1', 'A key has 16 bytes, not 15.', { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAA' }],
    ['key-17', '4.2.1', 'A key has 16 bytes, not 17.', { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['key-18', '4.2.1', 'A key has 16 bytes, not 18.', { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAAAA' }],
    [
      'key-url-alphabet',
      '4.2.1',
      'A key is not in the alphabet for URLs.',
      { 'Sec-WebSocket-Key': '_-__________________-w==' },
    ],
    ['key-unpadded', '4.2.1', 'A key is padded.', { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ' }],
    ['key-text', '4.2.1', 'A key is base64.', { 'Sec-WebSocket-Key': 'not base64 at all, sorry' }],
    ['key-twice-in-one', '4.2.1', 'Two keys in one line are none.', { 'Sec-WebSocket-Key': `${key}, ${key}` }],
  ]),
  ...refused('BAD_PROTOCOL', 400, [
    ['protocol-empty', '4.2.1', 'An offer is not empty.', { 'Sec-WebSocket-Protocol': '' }],
    ['protocol-commas', '4.2.1', 'Commas alone are no offer.', { 'Sec-WebSocket-Protocol': ',,' }],
    ['protocol-space', '4.1', 'A subprotocol is a token: it has no space.', { 'Sec-WebSocket-Protocol': 'a b' }],
    ['protocol-quoted', '4.1', 'A subprotocol is a token: it has no quotes.', { 'Sec-WebSocket-Protocol': '"chat"' }],
    ['protocol-twice', '4.1', 'A subprotocol is offered once.', { 'Sec-WebSocket-Protocol': 'chat, b, chat' }],
    [
      'protocol-twice-in-lines',
      '4.1',
      'A subprotocol is offered once over all lines.',
      { 'Sec-WebSocket-Protocol': 'chat' },
      { extraLines: ['Sec-WebSocket-Protocol: chat'] },
    ],
  ]),
  ...refused('DUPLICATE_HEADER', 400, [
    ['two-hosts', 'RFC 9112 §3.2', 'Host comes once.', {}, { extraLines: ['Host: b.example'] }],
    ['two-keys', '11.3.1', 'Sec-WebSocket-Key comes once.', {}, { extraLines: [`Sec-WebSocket-Key: ${key}`] }],
    ['two-versions', '11.3.5', 'Sec-WebSocket-Version comes once.', {}, { extraLines: ['Sec-WebSocket-Version: 13'] }],
    ['two-origins', '10.2', 'Origin comes once.', {}, { extraLines: ['Origin: http://example.com'] }],
  ]),
  ...refused('TOO_MANY_HEADERS', 431, [
    [
      '65-headers',
      '10.4',
      'A head with more than 64 headers is refused on bare TCP; node:http reads up to 1,000.',
      {},
      { extraLines: Array.from({ length: 58 }, (_, index) => `X-${index}: a`), overHttp: 101 },
    ],
  ]),
  ...refused('HEAD_TOO_BIG', 431, [
    [
      'head-8k',
      '10.4',
      'A head above 8 KiB is refused on bare TCP; node:http has a limit of its own.',
      {},
      { extraLines: [`X-Long: ${'a'.repeat(8_192)}`], overHttp: 101 },
    ],
  ]),
];

/** Every rule for what a client sends. */
export const requestRules: readonly RequestRule[] = [
  ...good.map(
    ([name, section, title, headers, more]): RequestRule => ({
      id: `request.${name}`,
      section,
      title,
      headers,
      expected: agreed,
      ...more,
    }),
  ),
  ...protocols,
  lines,
  ...bad,
];
