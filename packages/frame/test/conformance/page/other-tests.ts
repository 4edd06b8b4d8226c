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
];
