import { fakeEnvironment } from '@typewire/testing';
import { type Role, Session, type SessionClose, type SessionListener } from '../../src/session/session.ts';
import { RecordingTransport } from './recording-transport.ts';

export const welcomeOptions = {
  heartbeatIntervalMs: 25_000,
  heartbeatTimeoutMs: 10_000,
  maxMessageBytes: 1_048_576,
  maxSubscriptions: 128,
};
export const helloText = '[1,1,{"control":true},"secret"]';
export const welcomeText = `[2,"s1",${JSON.stringify(welcomeOptions)}]`;

/** What a listener was told, in order, by the names of its methods. */
export type Told =
  | readonly ['hello' | 'welcome' | 'message', readonly unknown[]]
  | readonly ['leave', code: number, retryAfterMs: number]
  | readonly ['latency', number]
  | readonly ['pending']
  | readonly ['closed', SessionClose];

export function recordingListener(told: Told[]): SessionListener {
  return {
    hello: (message) => void told.push(['hello', message]),
    welcome: (message) => void told.push(['welcome', message]),
    message: (message) => void told.push(['message', message]),
    leave: (code, retryAfterMs) => void told.push(['leave', code, retryAfterMs]),
    latency: (latencyMs) => void told.push(['latency', latencyMs]),
    pending: () => void told.push(['pending']),
    closed: (event) => void told.push(['closed', event]),
  };
}

export interface TestSession {
  readonly session: Session;
  readonly transport: RecordingTransport;
  readonly told: Told[];
  /** Moves the clock, then lets the session look at it. */
  wait(ms: number): void;
}

export function testSession(
  role: Role,
  overrides: { control?: boolean; listener?: Partial<SessionListener> } = {},
): TestSession {
  const environment = fakeEnvironment();
  const transport = new RecordingTransport({ control: overrides.control ?? true });
  const told: Told[] = [];
  const session = new Session(
    {
      role,
      environment,
      heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
      openTimeoutMs: 10_000,
      maxHelloLength: 1_000,
    },
    transport,
    { ...recordingListener(told), ...overrides.listener },
  );
  return {
    session,
    transport,
    told,
    wait(ms) {
      environment.clock.advance(ms);
      session.tick(environment.now());
    },
  };
}

/** A session that is open, with an empty log. */
export function openSession(role: Role, overrides: Parameters<typeof testSession>[1] = {}): TestSession {
  const test = testSession(role, overrides);
  if (role === 'client') {
    test.session.hello({ control: true }, '');
    test.session.receive(welcomeText);
  } else {
    test.session.receive(helloText);
    test.session.welcome('s1', welcomeOptions);
  }
  test.transport.log.length = 0;
  test.told.length = 0;
  return test;
}
