import type { HandshakeErrorCode } from '@typewire/frame';
import type { HeaderChanges, ResponseRule } from './rule.ts';

type Row = readonly [
  name: string,
  section: string,
  title: string,
  headers: HeaderChanges,
  more?: Partial<ResponseRule>,
];

const good: readonly Row[] = [
  ['sample', '1.3', 'A right answer opens the connection.', {}],
  ['upgrade-case', '4.1', 'Upgrade may be written in any case.', { Upgrade: 'WebSocket' }],
  ['connection-case', '4.1', 'Connection may be written in any case.', { Connection: 'uPGRADE' }],
  [
    'connection-list',
    '4.1',
    'Connection may name other options beside Upgrade.',
    { Connection: 'keep-alive, upgrade' },
  ],
  ['reason', '4.1', 'The words behind the status do not matter.', {}, { startLine: 'HTTP/1.1 101 Whatever' }],
  ['no-reason', '4.1', 'There need not be words behind the status.', {}, { startLine: 'HTTP/1.1 101 ' }],
  ['unknown-headers', '4.1', 'Headers that are not known are ignored.', { 'X-Anything': 'a', 'Set-Cookie': 'a=b' }],
  [
    'interim',
    'RFC 9110 §15.2',
    'Interim answers may come first.',
    {},
    { before: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n' },
  ],
];

const protocols: readonly ResponseRule[] = [
  {
    id: 'response.protocol',
    section: '4.1',
    title: 'The server chooses one of the offered subprotocols.',
    headers: { 'Sec-WebSocket-Protocol': 'superchat' },
    expected: { protocol: 'superchat' },
  },
];

function refused(code: HandshakeErrorCode, rows: readonly Row[]): ResponseRule[] {
  return rows.map(([name, section, title, headers, more]) => ({
    id: `response.${name}`,
    section,
    title,
    headers,
    expected: { code },
    ...more,
  }));
}

const bad: readonly ResponseRule[] = [
  ...refused('BAD_STATUS', [
    ...[301, 302, 303, 307, 308].map(
      (status): Row => [
        `redirect-${status}`,
        '4.1',
        `The redirect ${status} is not followed: credentials would go to whoever it names.`,
        { Location: 'ws://127.0.0.1:1/' },
        { startLine: `HTTP/1.1 ${status} Elsewhere` },
      ],
    ),
    ...[200, 204, 400, 401, 403, 404, 426, 500, 503].map(
      (status): Row => [
        `status-${status}`,
        '4.1',
        `The status ${status} opens nothing, whatever the headers say.`,
        {},
        { startLine: `HTTP/1.1 ${status} No` },
      ],
    ),
  ]),
  ...refused('BAD_HTTP_VERSION', [
    ['http-1.0', '4.1', 'HTTP/1.0 opens nothing.', {}, { startLine: 'HTTP/1.0 101 Switching Protocols' }],
  ]),
  ...refused('BAD_START_LINE', [
    ['http-2', '4.1', 'HTTP/2 does not look like this.', {}, { startLine: 'HTTP/2 101' }],
    ['not-http', '4.1', 'What is not HTTP opens nothing.', {}, { startLine: 'SSH-2.0-OpenSSH_9.2' }],
    ['status-4-digits', '4.1', 'A status has three digits.', {}, { startLine: 'HTTP/1.1 1010 X' }],
    ['status-glued', '4.1', 'A space follows the status.', {}, { startLine: 'HTTP/1.1 101X' }],
    ['empty-line-in-front', 'RFC 9112 §2.2', 'No empty line stands in front.', {}, { before: '\r\n' }],
  ]),
  ...refused('BAD_UPGRADE', [
    ['no-upgrade', '4.1', 'Upgrade must be there.', { Upgrade: null }],
    ['empty-upgrade', '4.1', 'Upgrade must not be empty.', { Upgrade: '' }],
    ['other-upgrade', '4.1', 'Upgrade must be websocket.', { Upgrade: 'h2c' }],
    ['upgrade-list', '4.1', 'Upgrade must be websocket and nothing beside it.', { Upgrade: 'websocket, h2c' }],
    [
      'upgrade-version',
      '4.1',
      'With a version, as in websocket/13, it is another protocol.',
      { Upgrade: 'websocket/13' },
    ],
  ]),
  ...refused('BAD_CONNECTION', [
    ['no-connection', '4.1', 'Connection must be there.', { Connection: null }],
    ['connection-close', '4.1', 'Connection must name Upgrade.', { Connection: 'close' }],
    ['connection-prefix', '4.1', 'What only begins with upgrade is another option.', { Connection: 'upgrades' }],
  ]),
  ...refused('BAD_ACCEPT', [
    ['no-accept', '4.1', 'Sec-WebSocket-Accept must be there.', { 'Sec-WebSocket-Accept': null }],
    ['empty-accept', '4.1', 'Sec-WebSocket-Accept must not be empty.', { 'Sec-WebSocket-Accept': '' }],
    [
      'accept-of-another-key',
      '4.1',
      'The accept of another key opens nothing.',
      { 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' },
    ],
  ]),
  ...refused('BODY_NOT_ALLOWED', [
    ['content-length', 'RFC 9110 §8.6', 'A 101 has no Content-Length.', { 'Content-Length': '0' }],
    ['transfer-encoding', 'RFC 9112 §6.1', 'A 101 has no Transfer-Encoding.', { 'Transfer-Encoding': 'chunked' }],
  ]),
  ...refused('EXTENSION_NOT_OFFERED', [
    [
      'extension',
      '4.1',
      'An extension that was not offered opens nothing.',
      { 'Sec-WebSocket-Extensions': 'x-unknown' },
    ],
    ['extension-empty', '9.1', 'Neither does an empty list of them.', { 'Sec-WebSocket-Extensions': '' }],
  ]),
  ...refused('PROTOCOL_NOT_OFFERED', [
    [
      'protocol-other',
      '4.1',
      'A subprotocol that was not offered opens nothing.',
      { 'Sec-WebSocket-Protocol': 'other' },
    ],
    ['protocol-case', '4.1', 'Subprotocols count with their case.', { 'Sec-WebSocket-Protocol': 'Chat' }],
    ['protocol-empty', '4.1', 'An empty subprotocol was not offered.', { 'Sec-WebSocket-Protocol': '' }],
    [
      'protocol-two',
      '11.3.4',
      'A server chooses one subprotocol, not two.',
      { 'Sec-WebSocket-Protocol': 'chat, superchat' },
    ],
  ]),
  ...refused('DUPLICATE_HEADER', [
    [
      'two-protocols',
      '11.3.4',
      'Sec-WebSocket-Protocol comes once in an answer.',
      { 'Sec-WebSocket-Protocol': 'chat' },
      { extraLines: ['Sec-WebSocket-Protocol: chat'] },
    ],
    ['two-accepts', '11.3.3', 'Sec-WebSocket-Accept comes once.', {}, { extraLines: ['Sec-WebSocket-Accept: a'] }],
    ['two-upgrades', '4.1', 'Upgrade comes once.', {}, { extraLines: ['Upgrade: websocket'] }],
  ]),
  ...refused('BAD_HEADER', [
    ['folded', 'RFC 9112 §5.2', 'Folded header lines are refused.', {}, { extraLines: ['X-A: b', ' c'] }],
    ['space-before-colon', 'RFC 9112 §5.1', 'No space before the colon.', {}, { extraLines: ['X-A : b'] }],
    ['bare-lf', 'RFC 9112 §2.2', 'A bare LF ends no line.', {}, { extraLines: ['X-A: b\nX-C: d'] }],
    ['nul-in-value', 'RFC 9110 §5.5', 'A value has no NUL.', {}, { extraLines: ['X-A: b\0c'] }],
  ]),
  ...refused('TOO_MANY_HEADERS', [
    [
      '65-headers',
      '10.4',
      'A head with more than 64 headers is refused.',
      {},
      { extraLines: Array.from({ length: 62 }, (_, index) => `X-${index}: a`) },
    ],
  ]),
  ...refused('HEAD_TOO_BIG', [
    ['head-8k', '10.4', 'A head above 8 KiB is refused.', {}, { extraLines: [`X-Long: ${'a'.repeat(8_192)}`] }],
  ]),
];

/** Every rule for what a server answers. */
export const responseRules: readonly ResponseRule[] = [
  ...good.map(
    ([name, section, title, headers, more]): ResponseRule => ({
      id: `response.${name}`,
      section,
      title,
      headers,
      expected: { protocol: null },
      ...more,
    }),
  ),
  ...protocols,
  ...bad,
];
