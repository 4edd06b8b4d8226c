import { fakeEnvironment } from '@typewire/testing';
import { createClientShapes } from '../../src/message/client-shapes.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { DeliveryLog } from '../../src/session/delivery-log.ts';
import { Link } from '../../src/session/link.ts';
import type { LinkClose, LinkListener, Role } from '../../src/session/link-listener.ts';
import { RecordingTransport } from './recording-transport.ts';

export const welcomeOptions = {
  outcome: 'new' as const,
  token: 't1',
  received: 0,
  resumableMs: 120_000,
  heartbeatIntervalMs: 25_000,
  heartbeatTimeoutMs: 10_000,
  maxMessageBytes: 1_048_576,
  maxSubscriptions: 128,
};
export const helloText = '[1,1,{"control":true},"secret"]';
export const welcomeText = `[2,"s1",${JSON.stringify(welcomeOptions)}]`;

/** What a listener was told, in order, by the names of its methods. */
export type Told =
  | readonly ['hello' | 'welcome' | 'message' | 'authentication', readonly unknown[]]
  | readonly ['leave', code: number, retryAfterMs: number]
  | readonly ['latency', number]
  | readonly ['pending']
  | readonly ['closed', LinkClose];

export function recordingListener(told: Told[]): LinkListener {
  return {
    hello: (message) => void told.push(['hello', message]),
    welcome: (message) => void told.push(['welcome', message]),
    message: (message) => void told.push(['message', message]),
    authentication: (message) => void told.push(['authentication', message]),
    leave: (code, retryAfterMs) => void told.push(['leave', code, retryAfterMs]),
    latency: (latencyMs) => void told.push(['latency', latencyMs]),
    pending: () => void told.push(['pending']),
    // Told by the session's other events too, and therefore of no interest here.
    alive: () => {},
    closed: (event) => void told.push(['closed', event]),
  };
}

export interface TestLink {
  readonly session: Link;
  readonly transport: RecordingTransport;
  readonly told: Told[];
  readonly listener: LinkListener;
  /** Moves the clock, then lets the session look at it. */
  wait(ms: number): void;
}

export function testSession(
  role: Role,
  overrides: { control?: boolean; listener?: Partial<LinkListener> } = {},
): TestLink {
  const environment = fakeEnvironment();
  const transport = new RecordingTransport({ control: overrides.control ?? true });
  const told: Told[] = [];
  const listener = { ...recordingListener(told), ...overrides.listener };
  const session = new Link(
    {
      role,
      environment,
      shapes: role === 'server' ? serverShapes : createClientShapes(),
      decodeBinary,
      heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
      openTimeoutMs: 10_000,
      maxHelloLength: 1_000,
    },
    transport,
    listener,
  );
  return {
    session,
    transport,
    told,
    listener,
    wait(ms) {
      environment.clock.advance(ms);
      session.tick(environment.now());
    },
  };
}

/** Opens a server's connection for a session that is new. */
export function welcome({ session, listener }: Pick<TestLink, 'session' | 'listener'>): void {
  session.welcome('s1', welcomeOptions, new DeliveryLog(), listener, []);
}

/** A session that is open, with an empty log. */
export function openSession(role: Role, overrides: Parameters<typeof testSession>[1] = {}): TestLink {
  const test = testSession(role, overrides);
  if (role === 'client') {
    test.session.hello({ control: true }, '');
    test.session.receive(welcomeText);
    test.session.carry(new DeliveryLog(), []);
  } else {
    test.session.receive(helloText);
    welcome(test);
  }
  test.transport.log.length = 0;
  test.told.length = 0;
  return test;
}
