/** A test, by its file and the words in its title. */
export interface Proof {
  readonly file: string;
  /** As it is written in the source, with its placeholders; of a group, its title. */
  readonly test: string;
}

/** One thing that a hostile peer does, and what becomes of it. */
export interface Attack {
  readonly attack: string;
  readonly answer: string;
  readonly tests: readonly Proof[];
}

const hostile = 'packages/node/test/hostile';
const node = 'packages/node/test';
const frame = 'packages/frame/test';

function proof(file: string, ...titles: readonly string[]): readonly Proof[] {
  return titles.map((test) => ({ file, test }));
}

export const attacks: readonly (readonly [group: string, rows: readonly Attack[]])[] = [
  [
    'Handshakes',
    [
      {
        attack: 'Thousands of handshakes are begun and not finished.',
        answer:
          'Each costs less than 16 kB and ends after `handshakeTimeoutMs`; `listen` lets in 32 of one address and 1,024 in all, and answers more with 503.',
        tests: [
          ...proof(
            `${hostile}/half-open.test.ts`,
            'at a time do not keep a fair client out, and cost little',
            'of one address take its own places and no others',
            '%s are ended when their time is over',
            'that go on byte by byte have no more time than others',
          ),
          ...proof(`${node}/half-open-gate.test.ts`, 'lets 1,024 in in all'),
        ],
      },
      {
        attack: 'A head that is made to be slow: blanks, commas, quotes that never end, parameters, offers.',
        answer: 'Each byte is looked at once; more than 8 KiB or 64 headers is 431.',
        tests: [
          ...proof(
            `${hostile}/handshakes.test.ts`,
            '%s cost in proportion to their length',
            'a head that comes byte by byte costs in proportion to its bytes',
            'a head that comes byte by byte is refused at its limit',
          ),
          ...proof(
            `${frame}/handshake/head-parser.test.ts`,
            'looks at each byte once when a head arrives byte by byte',
          ),
        ],
      },
      {
        attack: 'So many headers that `node:http` hides the one that matters.',
        answer: '400; nothing is decided without having seen all of them.',
        tests: [
          ...proof(`${hostile}/handshakes.test.ts`, 'with %s are answered, and their sockets ended'),
          ...proof(
            `${node}/accept-upgrade.test.ts`,
            'answers so many headers %s the known ones that Node hides some with 400',
          ),
        ],
      },
      {
        attack:
          'Names that every object of JavaScript has, such as `__proto__`: as extension, parameter, subprotocol, header, path.',
        answer: 'They are names like any other.',
        tests: [
          ...proof(
            `${hostile}/handshakes.test.ts`,
            '%s is a name like any other',
            '/%s is a path like any other, and nothing is mounted on it',
          ),
          ...proof(
            `${frame}/handshake/head-parser.test.ts`,
            'takes a header named like a member of Object.prototype for a header',
          ),
        ],
      },
      {
        attack: 'Odd `Upgrade` headers: a list, twice, another protocol, another case, quoted.',
        answer: '400, or 101 where `websocket` is in the list.',
        tests: proof(
          `${hostile}/handshakes.test.ts`,
          'an Upgrade header of %j crashes nobody',
          'with %s are answered, and their sockets ended',
        ),
      },
      {
        attack: 'A request that cannot be accepted: old version, no key, two keys, a body, a POST, a foreign page.',
        answer:
          'A status that says why, and the end of the socket; a version that is not spoken is 426 with those that are.',
        tests: proof(`${hostile}/handshakes.test.ts`, 'with %s are answered, and their sockets ended'),
      },
      {
        attack: 'A reset at any step: before a byte, in the head, while the application decides, right behind the 101.',
        answer: 'An ordinary end: errors are listened for before the first byte is read.',
        tests: [
          ...proof(`${hostile}/half-open.test.ts`, 'that are reset %s harm nobody'),
          ...proof(
            `${node}/accept-upgrade.test.ts`,
            'is told by its signal when the peer resets, and its late answer changes nothing',
          ),
          ...proof(`${node}/tls.test.ts`, 'survives nonsense and resets at any step'),
        ],
      },
      {
        attack:
          'Windows of compression that do not exist, twice, without a value, or as something that only looks like a number.',
        answer:
          'The offer is declined, or the header refused with 400; a client refuses such an answer. zlib never sees them.',
        tests: [
          ...proof(`${hostile}/compression.test.ts`, 'with %s are declined or refused'),
          ...proof(
            `${frame}/handshake/deflate-negotiation.test.ts`,
            'is declined by a server',
            'is refused as an answer by a client',
            'agree on the same, within what each of them wants, whatever that is',
          ),
        ],
      },
      {
        attack: 'Line breaks in whatever a program passes on: address, subprotocol, origin, headers.',
        answer: 'A `UsageError`, or encoded; no line of its own, in requests and in answers.',
        tests: [
          ...proof(`${node}/injection.test.ts`, 'never gets a line of its own into the request: %s'),
          ...proof(`${node}/accept-upgrade.test.ts`, 'answers 500 and tells nothing when %s'),
          ...proof(`${frame}/handshake/responses.test.ts`, 'end up as exactly one line each, or are refused'),
        ],
      },
    ],
  ],
  [
    'Frames',
    [
      {
        attack: 'Lengths at every border, up to 2^64 − 1, and in more bytes than they need.',
        answer: '1009 or 1002 on the header, before anything is allocated.',
        tests: [
          ...proof(
            `${hostile}/frames.test.ts`,
            'of %s is answered on its header',
            'that two bytes say and one could are refused: %s',
          ),
          ...proof(`${frame}/header.test.ts`, 'refuses %s, which no number can hold'),
        ],
      },
      {
        attack: 'Lengths that are announced and never sent.',
        answer: 'No memory: it is taken as bytes arrive, at most 16 times as much.',
        tests: [
          ...proof(`${hostile}/frames.test.ts`, 'that are announced and never sent take no memory'),
          ...proof(
            `${frame}/growing-buffer.test.ts`,
            'takes the announced memory only when a sixteenth of it has arrived',
          ),
        ],
      },
      {
        attack: 'Fragments without number, empty or of one byte.',
        answer:
          '1008 above `maxFragments`, 1009 at the header that goes above `maxMessageBytes` in sum. Without a limit on their number they still cost one byte each, and time in proportion.',
        tests: [
          ...proof(
            `${hostile}/frames.test.ts`,
            'are limited in number, empty ones too',
            'are limited in their sum, at the header that goes above it',
            'of one byte cost one byte each where their number is not limited',
            'cost in proportion to their number',
          ),
          ...proof(`${hostile}/compression.test.ts`, 'cost in proportion to their number'),
        ],
      },
      {
        attack: 'A message that comes byte by byte, or never ends.',
        answer:
          'Pieces are joined in one buffer; after `messageTimeoutMs` the connection ends with 1008, whatever trickles in.',
        tests: [
          ...proof(
            `${hostile}/frames.test.ts`,
            'cost one byte each when each comes in a packet of its own',
            'are not waited for longer than a message may take, after %s',
            'that trickle in move no deadline',
          ),
          ...proof(
            `${frame}/growing-buffer.test.ts`,
            'copies each byte a few times at most, in however many pieces it comes',
          ),
        ],
      },
      {
        attack: 'Frames that break the rules, in every state of a connection.',
        answer: 'Their own connection is closed with the code that RFC 6455 names, and nothing behind them is read.',
        tests: proof(
          `${hostile}/frames.test.ts`,
          '%s, %s, end their own connection alone',
          'are not even answered behind a close',
        ),
      },
      {
        attack: 'A reset in a frame, between fragments, in the closing handshake.',
        answer: 'An ordinary end.',
        tests: proof(`${hostile}/frames.test.ts`, 'a reset %s harms nobody'),
      },
      {
        attack: 'A million pings, with the answers left unread.',
        answer: '1008 above `maxControlFrames`; without that limit only the newest is answered.',
        tests: [
          ...proof(
            `${hostile}/frames.test.ts`,
            'of a million pings whose answers nobody reads leave no queue',
            'of pings are closed with 1008 where they are counted',
          ),
          ...proof(`${node}/socket-driver.test.ts`, 'and floods us with pings is owed a single pong'),
        ],
      },
      {
        attack: 'Messages whose answers nobody reads.',
        answer: 'At most `maxBufferedBytes` and one message wait; then 4008, and the others are served meanwhile.',
        tests: [
          ...proof(
            `${hostile}/frames.test.ts`,
            'of messages whose echo nobody reads end with the connection, not with the memory',
          ),
          ...proof(
            `${node}/socket-driver.test.ts`,
            'is destroyed when it takes nothing for stallTimeoutMs, and not while it takes something',
          ),
        ],
      },
      {
        attack: 'Connections that sit idle, be it in the middle of a masking key or a message.',
        answer: 'None of the memory that their bytes came in is held.',
        tests: proof(`${hostile}/frames.test.ts`, 'pin none of the memory that their bytes came in: %s'),
      },
    ],
  ],
  [
    'Compressed messages',
    [
      {
        attack: '64 MiB out of 65 kB: in one message, in fragments, in a window that goes on.',
        answer: '1009 while it is inflated, at `maxMessageBytes`.',
        tests: [
          ...proof(`${hostile}/compression.test.ts`, '%s are given up at the limit, however many there are'),
          ...proof(
            `${frame}/deflate/message-deflate.test.ts`,
            'over final blocks has one limit for all of them',
            'via context takeover is given up at the limit',
          ),
        ],
      },
      {
        attack: 'A gigabyte out of a mebibyte, which the thread pool inflates, from many peers at once.',
        answer: '1009 as soon as it is too much; no more than 10 at once, and who waits for one is not read.',
        tests: proof(
          `${node}/deflate-async.test.ts`,
          'is closed with 1009 for a gigabyte out of a mebibyte, and many of them cost little more than what they sent',
          'is not read on while a message of its is inflated',
          'are served while a large message is %s',
          'share the pool: so many at once, and everybody has a turn',
        ),
      },
      {
        attack: 'Kilobytes that become mebibytes, one after the other.',
        answer: 'Above `maxInflatedBytesPerSecond` the peer is read no further until its time has come.',
        tests: [
          ...proof(
            `${node}/deflate.test.ts`,
            'that has a server inflate too much in too little time is read more slowly, and loses nothing',
          ),
          ...proof(
            `${frame}/deflate/inflate-rate.test.ts`,
            'allows ten seconds of the rate at once, and the rate from then on',
          ),
        ],
      },
      {
        attack: 'What is no DEFLATE, refers to what never was, or is no UTF-8.',
        answer: '1007; an error of zlib is no exception of the process.',
        tests: [
          ...proof(`${hostile}/compression.test.ts`, 'is closed with 1007: %s'),
          ...proof(`${node}/deflate.test.ts`, 'is closed when zlib itself fails, %s'),
        ],
      },
      {
        attack: 'Compressed messages where compression was not agreed on.',
        answer: '1002.',
        tests: proof(`${hostile}/compression.test.ts`, 'that were not agreed on leave compressed messages illegal'),
      },
    ],
  ],
  [
    'What leaves the process',
    [
      {
        attack: 'Memory that was not cleared, in answers, messages, pongs and closes of any length.',
        answer: 'Only bytes that were written are sent: played against a process whose uncleared memory says so.',
        tests: proof(
          `${hostile}/uncleared-memory.test.ts`,
          'of %s, %i long',
          'of many messages in one write, of all lengths',
          'of a ping with %i bytes',
          'of a close with a reason of %i bytes',
          'of compressed messages',
          'of answers to handshakes, and to whoever breaks a rule',
        ),
      },
      {
        attack: 'Numbers, arrays and other views handed to `send`, `ping` and `close`.',
        answer: 'A `UsageError` at once; views and shared memory go out as exactly their bytes.',
        tests: [
          ...proof(
            `${node}/connection.test.ts`,
            'of any TypedArray but Uint8Array, and of anything else, are refused at once',
            'of a shared Uint8Array, of a view, and of a Buffer go out as exactly their bytes',
          ),
          ...proof(
            `${frame}/close-frame.test.ts`,
            'throws on the reason %o, which is not a string',
            'cuts any reason to whole code points that fit',
          ),
        ],
      },
    ],
  ],
  [
    'Hostile servers',
    [
      {
        attack: 'A certificate that nobody vouches for, or of another name.',
        answer: '`BAD_CERTIFICATE`, and nothing was sent.',
        tests: proof(
          `${node}/tls.test.ts`,
          'refuses a certificate that nobody vouches for',
          'refuses a trusted certificate for another name',
        ),
      },
      {
        attack: 'A redirect to where credentials should not go.',
        answer: 'It is not followed.',
        tests: proof(`${node}/connect.test.ts`, 'that is the redirect %i sends nothing to whoever it names'),
      },
      {
        attack: 'Answers without end, with wrong proofs, or with what was not offered.',
        answer: 'A `HandshakeError` with a code of its own.',
        tests: proof(`${node}/connect.test.ts`, 'is refused: %s'),
      },
    ],
  ],
  [
    'draft-76, for those who import it',
    [
      {
        attack: 'A handshake of draft-76 where nobody asked for it.',
        answer: '426.',
        tests: proof(`${hostile}/handshakes.test.ts`, 'with %s are answered, and their sockets ended'),
      },
      {
        attack: 'Lengths above all numbers, or lengthened with zeros.',
        answer: 'The connection ends while the length is read.',
        tests: proof(
          `${hostile}/draft76.test.ts`,
          'of %s end the connection, and nothing is read for them',
          'that are announced and never sent take no memory',
        ),
      },
      {
        attack: 'Messages without an end, in single bytes, without number, or with their echo left unread.',
        answer: 'The limits are ours, and hold as above.',
        tests: proof(
          `${hostile}/draft76.test.ts`,
          'without an end are cut off at the limit',
          'in packets of one byte cost one byte each',
          'cost in proportion to their number',
          'whose echo nobody reads end with the connection, not with the memory',
        ),
      },
      {
        attack: 'Keys that make no number, and resets within the eight bytes behind the head.',
        answer: '400; an ordinary end.',
        tests: proof(
          `${hostile}/draft76.test.ts`,
          'with %s are answered, and their sockets ended',
          'that are reset after %i of the eight bytes harm nobody',
        ),
      },
    ],
  ],
];
