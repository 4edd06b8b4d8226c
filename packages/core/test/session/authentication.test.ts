import { describe, expect, it } from 'vitest';
import { openSession, testSession } from '../support/test-link.ts';

const closedBy = (code: number): unknown => ['closed', expect.objectContaining({ code, local: true })];
const RENEW = '[4,55000,false]';

it('hands up what each end may be sent, and counts none of it', () => {
  const server = openSession('server');
  const client = openSession('client');

  for (let index = 0; index < 40; index++) {
    server.session.receive('[5,"fresh"]');
    client.session.receive('[[4,55000,false],[6]]');
  }

  expect(server.told.slice(0, 1)).toEqual([['authentication', [5, 'fresh']]]);
  expect(client.told.slice(0, 2)).toEqual([
    ['authentication', [4, 55_000, false]],
    ['authentication', [6]],
  ]);
  // 40 messages that count would have been confirmed.
  expect([server.transport.log, client.transport.log]).toEqual([[], []]);
});

it('sends behind what was sent before', () => {
  const { session, transport } = openSession('client');
  session.send('[19,1]');
  session.sendUncounted('[5,"fresh"]');
  expect(transport.log).toEqual(['send [19,1]', 'send [5,"fresh"]']);
});

describe('closes with 4502', () => {
  it.each([
    ['client', '[5,"mine"]'],
    ['server', RENEW],
    ['server', '[6]'],
  ] as const)('a %s that is sent what only it may send: %s', (role, text) => {
    const { session, told } = openSession(role);
    session.receive(text);
    expect(told).toEqual([closedBy(4502)]);
  });

  it.each([
    ['server', '[5,"early"]'],
    ['client', RENEW],
    ['client', '[6]'],
  ] as const)('a %s that is sent it before the session is open: %s', (role, text) => {
    const { session, told } = testSession(role);
    session.receive(text);
    expect(told).toEqual([closedBy(4502)]);
  });

  it.each(['[4]', '[4,1]', '[4,-1,false]', '[4,1.5,false]', '[4,1,0]', '[4,1,false,1]', '[6,0]', '[6,null]'])(
    'what is malformed: %s',
    (text) => {
      const { session, told } = openSession('client');
      session.receive(text);
      expect(told).toEqual([closedBy(4502)]);
    },
  );

  it('credentials in a binary message', () => {
    const { session, told } = openSession('server');
    const header = new TextEncoder().encode(
      '[[1],[5,{"key":null},{"values":{"key":[["typed-array","Uint8Array"]]},"v":1}]]',
    );
    session.receive(new Uint8Array([0, 0, 0, header.length, ...header, 7]));
    expect(told).toEqual([closedBy(4502)]);
    expect(JSON.stringify(told)).toContain('credentials in a binary message');
  });

  it('credentials with more than a value and its metadata', () => {
    const { session, told } = openSession('server');
    session.receive('[5,1,{},2]');
    expect(told).toEqual([closedBy(4502)]);
  });
});

describe('credentials that would not have fitted into a hello', () => {
  const large = JSON.stringify([5, 'x'.repeat(1_000)]);

  it.each([large, `[[19,1],${large}]`])('are closed with 1009, alone and in a batch', (text) => {
    const { session, told } = openSession('server');
    session.receive(text);
    expect(told.at(-1)).toEqual(closedBy(1009));
    expect(told.map(([name]) => name)).not.toContain('authentication');
  });

  it('may stand in a batch that is longer itself', () => {
    const { session, told } = openSession('server');
    session.receive(`[[16,1,"echo",0,"${'x'.repeat(1_000)}"],[5,"fresh"]]`);
    expect(told.at(-1)).toEqual(['authentication', [5, 'fresh']]);
  });
});
