/** A rule that is not data, because time, TLS or the network beneath belongs to it: it has a test of its own. */
export interface OtherTest {
  readonly section: string;
  readonly title: string;
  readonly file: string;
  /** Title of the test, or the beginning of it. */
  readonly test: string;
}

const frame = 'packages/frame/test';
const node = 'packages/node/test';

export const otherTests: readonly OtherTest[] = [
  {
    section: '1.3',
    title: 'The accept of a key is the one that was published.',
    file: `${frame}/handshake/accept-key.test.ts`,
    test: 'answers the key as published',
  },
  {
    section: '4.1',
    title: 'Each connection sends a key of its own.',
    file: `${node}/connect.test.ts`,
    test: 'sends another key each time',
  },
  {
    section: '4.1',
    title:
      'With serializeHandshakes, which is off unless asked for, one handshake to a host and port is under way at a time.',
    file: `${node}/connect-serialized.test.ts`,
    test: 'has one handshake to an address under way at a time, in the order of the calls',
  },
  {
    section: '4.1',
    title: 'Nothing that a program passes to connect can add a line to its request.',
    file: `${node}/injection.test.ts`,
    test: 'never gets a line of its own into the request: %s',
  },
  {
    section: '4.1',
    title: 'A certificate that nobody vouches for is refused unless it is asked for.',
    file: `${node}/tls.test.ts`,
    test: 'refuses a certificate that nobody vouches for',
  },
  {
    section: '4.1',
    title: 'So is a certificate for another name.',
    file: `${node}/tls.test.ts`,
    test: 'refuses a trusted certificate for another name',
  },
  {
    section: '4.2',
    title: 'wss is served on the port of HTTPS.',
    file: `${node}/tls.test.ts`,
    test: 'serves pages and wss on one port',
  },
  {
    section: '4.2.1',
    title: 'More headers than node:http shows are refused.',
    file: `${node}/accept-upgrade.test.ts`,
    test: 'answers so many headers %s the known ones that Node hides some with 400',
  },
  {
    section: '4.2.2',
    title: 'Nothing that a hook returns can add a line to the answer.',
    file: `${node}/accept-upgrade.test.ts`,
    test: 'answers 500 and tells nothing when %s',
  },
  {
    section: '4.2.2',
    title: 'A request that is not complete after 10 s is answered with 408.',
    file: `${node}/listen.test.ts`,
    test: 'ends a peer that %s after 10 s',
  },
  {
    section: '4.2.2',
    title: 'Bytes that trickle in move no deadline.',
    file: `${node}/listen.test.ts`,
    test: 'is not extended by a peer that trickles',
  },
  {
    section: '5.3',
    title: 'A client masks each frame with another key.',
    file: `${node}/connection.test.ts`,
    test: 'are masked by a client, each with another key, and the data stays as it was',
  },
  {
    section: '5.5.1',
    title: 'Nothing is sent behind our own Close frame.',
    file: `${frame}/connection.test.ts`,
    test: 'are answered before a close that follows them, and not after our own',
  },
  {
    section: '5.5.1',
    title: 'Messages that were sent before the answer to our Close frame still arrive.',
    file: `${frame}/connection.test.ts`,
    test: 'still delivers what the peer sent before its close, and nothing after it',
  },
  {
    section: '5.5.3',
    title: 'Of the pings of a peer that does not read, the newest is answered when it does.',
    file: `${frame}/connection.test.ts`,
    test: 'are answered when the peer reads again, if it did not, and only the newest',
  },
  {
    section: '7.1.1',
    title: 'A server ends TCP first.',
    file: `${frame}/connection.test.ts`,
    test: 'a server answers a close and ends TCP at once',
  },
  {
    section: '7.1.1',
    title: 'A client waits for that, but not for ever.',
    file: `${frame}/connection.test.ts`,
    test: 'a client answers a close and waits for the server to end TCP, but not for ever',
  },
  {
    section: '7.1.5',
    title: 'A connection that ends without a Close frame is reported with 1006.',
    file: `${node}/socket-driver.test.ts`,
    test: 'by ending TCP without a close is 1006, and our side ends too',
  },
  {
    section: '7.1.7',
    title: 'Whoever breaks a rule is told once and read no more.',
    file: `${node}/socket-driver.test.ts`,
    test: 'with %s is told why and cut off, whatever it still sends',
  },
  {
    section: '10.2',
    title: 'A page on another origin is refused before the upgrade.',
    file: `${node}/accept-upgrade.test.ts`,
    test: 'answers a page on another origin with 403 before the upgrade, whatever cookie it brings',
  },
  {
    section: '10.4',
    title: 'A message that is not complete in time fails the connection.',
    file: `${frame}/connection.test.ts`,
    test: 'is not moved by bytes, fragments or pings of the same message',
  },
  {
    section: '9.1',
    title:
      'The list of extensions is tokens, parameters and quoted strings that hold a token; anything else is refused.',
    file: `${frame}/handshake/extension-list.test.ts`,
    test: 'refuses %j',
  },
  {
    section: 'RFC 7692 §5.1',
    title: 'A server takes the first offer that it can, and declines what is not defined, repeated or out of range.',
    file: `${frame}/handshake/deflate-negotiation.test.ts`,
    test: 'is passed over for the next, in the same header or another',
  },
  {
    section: 'RFC 7692 §5.1',
    title: 'A server that was not told to compress ignores offers.',
    file: `${node}/deflate.test.ts`,
    test: 'is used when %s asked for it',
  },
  {
    section: 'RFC 7692 §5.2',
    title: 'A client fails the connection for an answer that does not fit its offer.',
    file: `${frame}/handshake/deflate-negotiation.test.ts`,
    test: 'refuses the answer %j to %j',
  },
  {
    section: 'RFC 7692 §6',
    title: 'RSV1 marks the first frame of a compressed message, and is refused on control frames and continuations.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'fail the connection: %s',
  },
  {
    section: 'RFC 7692 §6.1',
    title: 'Control frames are never compressed.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'never marks control frames',
  },
  {
    section: 'RFC 7692 §7.1.1',
    title: 'Takeover of the context is left out by whoever was told to.',
    file: `${frame}/handshake/deflate-negotiation.test.ts`,
    test: 'takes the answer %j to %j',
  },
  {
    section: 'RFC 7692 §7.1.2',
    title: 'Windows of 8 to 15 bits are agreed on, with and without a value for client_max_window_bits.',
    file: `${frame}/handshake/deflate-negotiation.test.ts`,
    test: 'answers %j with %j',
  },
  {
    section: 'RFC 7692 §7.1.2',
    title: 'Nothing that is sent refers to more than the window that was agreed on.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'keep to the window: with 8 bits nothing is referred to that is farther than 256 bytes',
  },
  {
    section: 'RFC 7692 §7.2.1',
    title: 'The four bytes at the end are left out.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'leaves out the four bytes at the end',
  },
  {
    section: 'RFC 7692 §7.2.2',
    title: 'Messages of any size, in frames of any size, plain or compressed, come back.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'of any size come in frames of any size, and go back: %j',
  },
  {
    section: 'RFC 7692 §7.2.2',
    title: 'What is not DEFLATE fails the connection with 1007.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'closes with 1007: %s',
  },
  {
    section: 'RFC 7692 §7.2.3',
    title: 'The examples say Hello.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: '%s says Hello',
  },
  {
    section: 'RFC 7692 §7.2.3.2',
    title: 'With context takeover a message may refer to the one before.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'shares the window between two messages (§7.2.3.2)',
  },
  {
    section: 'RFC 7692 §7.2.3.4',
    title: 'Blocks may be final, and others may follow them.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'may stand within a message, and refer to what was before them',
  },
  {
    section: 'RFC 7692 §7.2.3.6',
    title: 'A message may be empty.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'takes an empty message, of one byte 0 (§7.2.3.6) and of none',
  },
  {
    section: 'RFC 7692 §8',
    title: 'Inflating stops at maxMessageBytes, over fragments, final blocks and takeover alike.',
    file: `${frame}/deflate/message-deflate.test.ts`,
    test: 'over fragments is the same',
  },
  {
    section: 'RFC 8441 §3',
    title: 'A server says that it takes WebSockets, in its settings.',
    file: `${node}/http2.test.ts`,
    test: 'is announced in the settings, opened with a 200 and echoes',
  },
  {
    section: 'RFC 8441 §4',
    title: 'An extended CONNECT for another protocol is left to others.',
    file: `${node}/http2.test.ts`,
    test: 'that asks for another protocol, or a tunnel, is left to the server',
  },
  {
    section: 'RFC 8441 §5',
    title: 'The target is in pseudo-headers; there is neither key nor accept; version and subprotocols are as ever.',
    file: `${frame}/handshake/connect-request.test.ts`,
    test: '%s is refused',
  },
  {
    section: 'RFC 8441 §5',
    title: 'The end of the stream is the end of TCP, and a reset stream a reset connection.',
    file: `${node}/http2.test.ts`,
    test: 'that its peer resets is 1006, and the others of the session go on',
  },
  {
    section: 'RFC 8441',
    title: 'Chromium opens the sockets of a page as streams of its session.',
    file: `${node}/http2-chromium.test.ts`,
    test: 'opens all sockets of a page on the HTTP/2 session the page came by',
  },
];
