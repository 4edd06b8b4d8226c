import { describe, expect, it } from 'vitest';
import { type ConnectHead, readConnectRequest } from '../../src/handshake/connect-request.ts';
import { createHeaderMap } from '../../src/handshake/header-map.ts';

/** As RFC 8441 §5.1 shows one. */
function headOf(
  changes: Partial<ConnectHead> = {},
  headers: readonly (readonly [string, string])[] = [['sec-websocket-version', '13']],
): ConnectHead {
  return {
    scheme: 'https',
    authority: 'server.example.com',
    path: '/chat?room=1',
    headers: createHeaderMap(headers),
    ...changes,
  };
}

describe('a request over HTTP/2', () => {
  it('is read without a key', () => {
    const headers: [string, string][] = [
      ['sec-websocket-protocol', 'chat, superchat'],
      ['sec-websocket-version', '13'],
      ['origin', 'http://www.example.com'],
    ];
    expect(readConnectRequest(headOf({}, headers))).toMatchObject({
      ok: true,
      value: {
        host: 'server.example.com',
        path: '/chat',
        query: 'room=1',
        origin: 'http://www.example.com',
        protocols: ['chat', 'superchat'],
        key: null,
        version: 13,
      },
    });
  });

  it('may name its host in a header alone', () => {
    const headers: [string, string][] = [
      ['host', 'example.com'],
      ['sec-websocket-version', '13'],
    ];
    expect(readConnectRequest(headOf({ authority: undefined }, headers))).toMatchObject({
      ok: true,
      value: { host: 'example.com' },
    });
  });

  it.each<[what: string, changes: Partial<ConnectHead>, headers: [string, string][] | undefined, code: string]>([
    ['without a scheme', { scheme: undefined }, undefined, 'BAD_START_LINE'],
    ['of a scheme that is not of the web', { scheme: 'ftp' }, undefined, 'BAD_START_LINE'],
    ['without a path', { path: undefined }, undefined, 'BAD_START_LINE'],
    ['for all paths', { path: '*' }, undefined, 'BAD_START_LINE'],
    ['without a host', { authority: undefined }, undefined, 'BAD_HOST'],
    ['with a user name', { authority: 'good@evil.example' }, undefined, 'BAD_HOST'],
    [
      'with two different hosts',
      {},
      [
        ['host', 'evil.example'],
        ['sec-websocket-version', '13'],
      ],
      'BAD_HOST',
    ],
    ['without a version', {}, [], 'BAD_VERSION'],
    ['of the last draft', {}, [['sec-websocket-version', '8']], 'BAD_VERSION'],
    [
      'with two versions',
      {},
      [
        ['sec-websocket-version', '13'],
        ['sec-websocket-version', '13'],
      ],
      'DUPLICATE_HEADER',
    ],
    [
      'with an empty list of subprotocols',
      {},
      [
        ['sec-websocket-version', '13'],
        ['sec-websocket-protocol', ''],
      ],
      'BAD_PROTOCOL',
    ],
  ])('%s is refused', (_, changes, headers, code) => {
    expect(readConnectRequest(headOf(changes, headers))).toMatchObject({ ok: false, error: { code } });
  });
});
