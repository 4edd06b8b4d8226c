import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/errors.ts';
import { SharedMessage } from '../../src/transport.ts';
import { openSession, type TestLink, testSession } from '../support/test-link.ts';

const closedBy = (code: number): unknown => ['closed', expect.objectContaining({ code, local: true })];

describe('sending', () => {
  it('keeps messages for the end of the tick, and asks for a flush once', () => {
    const { session, transport, told } = openSession('client');

    session.send('[19,1]');
    session.send('[19,2]');
    expect(transport.log).toEqual([]);
    expect(told).toEqual([['pending']]);

    session.flush();
    session.flush();
    expect(transport.log).toEqual(['send [[19,1],[19,2]]']);
  });

  it('asks for a flush again after one', () => {
    const { session, told } = openSession('client');
    session.send('[19,1]');
    session.flush();
    session.send('[19,2]');

    expect(told).toEqual([['pending'], ['pending']]);
  });

  it('puts a shared message behind what was sent before', () => {
    const { session, transport } = openSession('server');
    session.send('[33,1,1,["e",0,0],"fresh"]');
    session.sendShared(new SharedMessage('[35,1,1,7]'));

    expect(transport.log).toEqual(['send [33,1,1,["e",0,0],"fresh"]', 'shared [35,1,1,7]']);
  });

  it('does nothing before the session is open', () => {
    const { session, transport, told } = testSession('server');
    session.send('[17,1]');
    session.sendShared(new SharedMessage('[35,1,1,7]'));
    session.flush();

    expect(transport.log).toEqual([]);
    expect(told).toEqual([]);
  });

  it('does nothing after it has closed', () => {
    const { session, transport } = openSession('server');
    session.close(1000, 'done');
    transport.log.length = 0;

    session.send('[17,1]');
    session.sendShared(new SharedMessage('[35,1,1,7]'));
    session.flush();
    session.leave(1012, 0, 'restart');
    session.close(1000, 'again');
    expect(transport.log).toEqual([]);
  });

  it.each([
    ['before the session is open', testSession('client')],
    ['after it has closed', openSession('client')],
  ])('asks for no sign of life %s', (_when, { session, transport }) => {
    if (session.isOpen) session.close(1000, 'done');
    transport.log.length = 0;
    session.probe(1_000);
    expect(transport.log).toEqual([]);
  });
});

describe('a peer that breaks the protocol', () => {
  it.each([
    ['malformed text', 'hello'],
    ['an unknown type', '[47]'],
    ['a type with a method for its text', '[{"toString":1}]'],
    ['a bad id', '[16,0,"now",0]'],
    ['far too deep nesting', '['.repeat(100_000)],
  ])('is closed with 4502: %s', (_name, text) => {
    const { session, transport, told } = openSession('server');
    session.receive(text);

    expect(transport.log).toEqual([expect.stringMatching(/^close 4502 /)]);
    expect(told).toEqual([closedBy(4502)]);
  });

  it('is closed with 4502 for a binary message that is none of the protocol', () => {
    const { session, transport, told } = openSession('server');
    session.receive(Uint8Array.of(1));

    expect(transport.log).toEqual([expect.stringMatching(/^close 4502 /)]);
    expect(told).toEqual([closedBy(4502)]);
  });

  it('is closed with 4502 when it is a client and says leave', () => {
    const { session, told } = openSession('server');
    session.receive('[8,1012,0]');

    expect(told).toEqual([closedBy(4502)]);
  });

  it('is closed when the layer above finds the fault', () => {
    const { session, told } = openSession('server', {
      listener: {
        message() {
          throw new ProtocolError('MALFORMED', 'ids only rise');
        },
      },
    });
    session.receive('[16,1,"now",0]');

    expect(told).toEqual([['closed', expect.objectContaining({ code: 4502, reason: 'ids only rise' })]]);
  });

  it('is not heard any more', () => {
    const { session, transport, told } = openSession('server');
    session.receive('[47]');
    session.receive('[16,1,"now",0]');
    session.receive('[9]');
    session.heard('pong');

    expect(told).toEqual([closedBy(4502)]);
    expect(transport.log).toHaveLength(1);
  });

  it('delivers nothing of a batch that is malformed further on', () => {
    const { session, told } = openSession('server');
    session.receive('[[16,1,"now",0],[47]]');

    expect(told).toEqual([closedBy(4502)]);
  });

  it('does not hide a bug of the layer above', () => {
    const { session } = openSession('server', {
      listener: {
        message() {
          throw new RangeError('ours');
        },
      },
    });

    expect(() => session.receive('[16,1,"now",0]')).toThrow(RangeError);
  });
});

describe('the rest of a batch', () => {
  it.each([
    ['a call', '[16,2,"now",0]'],
    ['a ping', '[9]'],
    ['a hello', '[1,1,{"control":true}]'],
    ['a pong', '[10]'],
  ])('is void once the session has been closed in the middle: %s', (_name, text) => {
    const test: TestLink = openSession('server', {
      listener: { message: () => test.session.close(1008, 'enough') },
    });
    test.wait(25_000);
    test.transport.log.length = 0;

    test.session.receive(`[[16,1,"now",0],${text}]`);

    expect(test.transport.log).toEqual(['close 1008 enough']);
    expect(test.told).toEqual([closedBy(1008)]);
  });

  it('does not tell a client to leave once it has closed in the middle', () => {
    const test: TestLink = openSession('client', { listener: { message: () => test.session.close(1000, 'done') } });
    test.session.receive('[[17,1],[8,1012,0]]');

    expect(test.told).toEqual([closedBy(1000)]);
  });
});

describe('the end', () => {
  it('sends what waits before it closes', () => {
    const { session, transport, told } = openSession('server');
    session.send('[17,1]');
    session.close(1000, 'done');

    expect(transport.log).toEqual(['send [17,1]', 'close 1000 done']);
    expect(told).toEqual([['pending'], ['closed', { code: 1000, reason: 'done', local: true }]]);
  });

  it('tells a client to leave before it closes', () => {
    const { session, transport } = openSession('server');
    session.send('[17,1]');
    session.leave(1012, 2_500, 'restart');

    expect(transport.log).toEqual(['send [17,1]', 'send [8,1012,2500]', 'close 1012 restart']);
  });

  it('only closes where nobody could be told to leave', () => {
    const { session, transport } = testSession('server');
    session.leave(1012, 2_500, 'restart');

    expect(transport.log).toEqual(['close 1012 restart']);
  });

  it('comes from the transport when that is lost', () => {
    const { session, transport, told } = openSession('client');
    session.send('[19,1]');
    session.transportClosed({ code: 1006, reason: '' });

    expect(told.at(-1)).toEqual(['closed', { code: 1006, reason: '', local: false }]);
    expect(transport.log).toEqual([]);
  });

  it('is told once, whoever began', () => {
    const { session, told } = openSession('client');
    session.close(1000, '');
    session.transportClosed({ code: 1000, reason: '' });

    expect(told).toHaveLength(1);
  });

  it('needs no tick any more', () => {
    const { session, transport, wait } = openSession('client');
    session.close(1000, '');
    wait(1_000_000);

    expect(session.deadline).toBe(Number.POSITIVE_INFINITY);
    expect(transport.log).toEqual(['close 1000 ']);
  });
});

it('sends what a server answers at once in one message when all has been read, without asking for a flush', () => {
  const test: TestLink = openSession('server', {
    listener: { message: (message) => test.session.send(`[17,${message[1]}]`) },
  });
  test.session.receive('[[16,1,"a",0],[16,2,"b",0]]');

  expect(test.transport.log).toEqual(['send [[17,1],[17,2]]']);
  expect(test.told).toEqual([]);
});
