import { fakeEnvironment } from '@typewire/testing';
import type { Environment } from '../../src/environment.ts';
import { createClientShapes } from '../../src/message/client-shapes.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { ClientLink } from '../../src/session/client-link.ts';
import { DeliveryLog } from '../../src/session/delivery-log.ts';
import type { ClientLinkListener, LinkClose, ServerLinkListener } from '../../src/session/link-listener.ts';
import { ServerLink } from '../../src/session/server-link.ts';
import type { Transport } from '../../src/transport.ts';
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

export type Role = 'client' | 'server';
/** Of either end: none is told what is for the other. */
export type AnyListener = ClientLinkListener & ServerLinkListener;
/** The end of a connection that a role has. */
export type LinkOf<Of extends Role> = { client: ClientLink; server: ServerLink }[Of];

export function recordingListener(told: Told[]): AnyListener {
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

/** An end with options that tests have in common. */
export function createLink<Of extends Role>(
  role: Of,
  environment: Environment,
  transport: Transport,
  listener: AnyListener,
  intervalMs = 25_000,
): LinkOf<Of> {
  const options = {
    environment,
    decodeBinary,
    heartbeat: { intervalMs, timeoutMs: 10_000 },
    openTimeoutMs: 10_000,
  };
  const link =
    role === 'server'
      ? new ServerLink({ ...options, shapes: serverShapes, maxHelloLength: 1_000 }, transport, listener)
      : new ClientLink({ ...options, shapes: createClientShapes() }, transport, listener);
  return link as LinkOf<Of>;
}

export interface TestLink<Of extends Role = Role> {
  readonly session: LinkOf<Of>;
  readonly transport: RecordingTransport;
  readonly told: Told[];
  readonly listener: AnyListener;
  /** Moves the clock, then lets the session look at it. */
  wait(ms: number): void;
}

export function testSession<Of extends Role>(
  role: Of,
  overrides: { control?: boolean; listener?: Partial<AnyListener> } = {},
): TestLink<Of> {
  const environment = fakeEnvironment();
  const transport = new RecordingTransport({ control: overrides.control ?? true });
  const told: Told[] = [];
  const listener = { ...recordingListener(told), ...overrides.listener };
  const session = createLink(role, environment, transport, listener);
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
export function welcome({ session, listener }: Pick<TestLink<'server'>, 'session' | 'listener'>): void {
  session.welcome('s1', welcomeOptions, new DeliveryLog(), listener, []);
}

/** A session that is open, with an empty log. */
export function openSession<Of extends Role>(
  role: Of,
  overrides: Parameters<typeof testSession>[1] = {},
): TestLink<Of> {
  const test: TestLink<Of> = testSession(role, overrides);
  const { session, listener, transport, told } = test;
  if (session instanceof ClientLink) {
    session.hello({ control: true }, '');
    session.receive(welcomeText);
    session.carry(new DeliveryLog(), []);
  } else if (session instanceof ServerLink) {
    session.receive(helloText);
    welcome({ session, listener });
  }
  transport.log.length = 0;
  told.length = 0;
  return test;
}
