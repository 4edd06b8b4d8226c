import { describe, expect, it } from 'vitest';
import { openSession, type TestLink, testSession, welcome } from '../support/test-link.ts';

const closedBy = (code: number): unknown => ['closed', expect.objectContaining({ code, local: true })];

describe('the heartbeat', () => {
  it('answers a ping message at once', () => {
    const { session, transport } = openSession('server');
    session.receive('[9]');

    expect(transport.log).toEqual(['send [10]']);
  });

  it.each<[string, boolean, (test: TestLink) => void, string[]]>([
    ['a ping message', false, ({ session }) => session.receive('[9]'), ['send [10]', 'send [9]']],
    ['a ping frame', true, ({ session }) => session.heard('ping'), ['ping']],
  ])('measures at %s of the server, and not twice at once', (_name, control, hear, log) => {
    const test = openSession('client', { control });
    hear(test);
    expect(test.transport.log).toEqual(log);
    hear(test);
    expect(test.transport.log.filter((line) => line === log.at(-1))).toHaveLength(1);
  });

  it('pings with a message a client that sees no control frames', () => {
    const test = testSession('server');
    const { session, transport, wait } = test;
    session.receive('[1,1,{"control":false}]');
    welcome(test);
    transport.log.length = 0;
    wait(25_000);

    expect(transport.log).toEqual(['send [9]']);
  });

  it('pings with a control frame where the transport has one', () => {
    const { transport, wait } = openSession('server');
    wait(24_999);
    expect(transport.log).toEqual([]);
    wait(1);
    expect(transport.log).toEqual(['ping']);
  });

  it('pings with a message where it has not', () => {
    const { transport, wait } = openSession('client', { control: false });
    wait(25_000);

    expect(transport.log).toEqual(['send [9]']);
  });

  it.each<[string, (test: TestLink) => void]>([
    ['a message', ({ session }) => session.receive('[10]')],
    ['a ping frame', ({ session }) => session.heard('ping')],
    ['a pong frame', ({ session }) => session.heard('pong')],
  ])('is put off by %s', (_name, hear) => {
    const test = openSession('server');
    test.wait(20_000);
    hear(test);
    test.wait(24_999);

    expect(test.transport.log).toEqual([]);
  });

  it('terminates a peer that does not answer', () => {
    const { session, transport, told, wait } = openSession('server');
    wait(25_000);
    wait(9_999);
    expect(transport.log).toEqual(['ping']);
    wait(1);

    expect(transport.log).toEqual(['ping', 'terminate']);
    expect(told).toEqual([closedBy(4001)]);
    expect(session.isClosed).toBe(true);
  });

  it.each<[string, (test: TestLink) => void]>([
    ['a pong frame', ({ session }) => session.heard('pong')],
    ['a pong message', ({ session }) => session.receive('[10]')],
  ])('measures latency by %s, once', (_name, pong) => {
    const test = openSession('server');
    test.wait(25_000);
    test.wait(42);
    pong(test);
    pong(test);

    expect(test.told).toEqual([['latency', 42]]);
  });

  it('takes a ping frame for life, not for the answer', () => {
    const { session, told, wait } = openSession('server');
    wait(25_000);
    session.heard('ping');

    expect(told).toEqual([]);
  });

  it('ignores a pong nobody asked for', () => {
    const { session, told } = openSession('server');
    session.receive('[10]');
    session.heard('pong');

    expect(told).toEqual([]);
  });

  it('gives up a probe sooner', () => {
    const { session, transport, wait } = openSession('client');
    session.probe(3_000);
    wait(3_000);

    expect(transport.log).toEqual(['ping', 'terminate']);
  });
});
