import {
  chooseProtocol,
  createUpgradeOffer,
  type HandshakeError,
  RequestHeadParser,
  ResponseHeadParser,
  readUpgradeRequest,
  readUpgradeResponse,
  writeAcceptance,
  writeRefusal,
} from '@typewire/frame';
import { describe, expect, it } from 'vitest';
import { latin1, sha1 } from '../handshake/request-text.ts';
import { acceptOf, offered, requestOf, responseOf } from './handshake/messages.ts';
import { requestRules } from './handshake/request-rules.ts';
import { responseRules } from './handshake/response-rules.ts';
import type { ResponseRule } from './handshake/rule.ts';

/** `bytes` in chunks of `size`. */
function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

/** What a server that speaks the two subprotocols makes of a request that comes `size` bytes at a time. */
function answerTo(request: string, size: number): unknown {
  const parser = new RequestHeadParser();
  for (const chunk of chunksOf(latin1(request), size)) {
    const outcome = parser.push(chunk);
    if (outcome === null) continue;
    if (outcome.type === 'refused') return refusalOf(outcome.error);
    const read = readUpgradeRequest(outcome.head);
    if (!read.ok) return refusalOf(read.error);
    const protocol = chooseProtocol(read.value.protocols, offered);
    const text = writeAcceptance(read.value, { sha1, protocol });
    expect(text).toContain(`\r\nSec-WebSocket-Accept: ${acceptOf(String(read.value.key))}\r\n`);
    return { status: 101, protocol };
  }
  return 'incomplete';
}

function refusalOf({ status, code }: HandshakeError): unknown {
  return { status, code };
}

describe('a request', () => {
  it.each(requestRules.map((rule) => [rule.id, rule.title, rule] as const))('%s: %s', (_, __, rule) => {
    const request = requestOf(rule);
    const want = 'protocol' in rule.expected ? { status: 101, ...rule.expected } : rule.expected;
    for (const size of [request.length, 1, 7]) expect(answerTo(request, size), `${size} at a time`).toEqual(want);
  });

  it('of an unknown version is answered with the versions that are spoken', () => {
    expect(writeRefusal(426)).toMatch(/^HTTP\/1\.1 426 [\s\S]*\r\nSec-WebSocket-Version: 13, 8\r\n/);
  });
});

const offer = createUpgradeOffer({
  host: 'server.example.com',
  target: '/chat',
  nonce: Uint8Array.from({ length: 16 }, (_, index) => index * 7),
  protocols: offered,
});

/** As a client does it: interim answers are passed over. */
function readAnswer(rule: ResponseRule, size: number): unknown {
  let parser = new ResponseHeadParser();
  const bytes = latin1(responseOf(rule, offer.key));
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + size);
    const outcome = parser.push(chunk);
    at += chunk.length;
    if (outcome === null) continue;
    if (outcome.type === 'refused') return { code: outcome.error.code };
    at -= outcome.rest.length;
    if (outcome.head.status < 200 && outcome.head.status !== 101) {
      parser = new ResponseHeadParser();
      continue;
    }
    const read = readUpgradeResponse(outcome.head, offer, sha1);
    return read.ok ? { protocol: read.value.protocol } : { code: read.error.code };
  }
  return 'incomplete';
}

describe('an answer', () => {
  it.each(responseRules.map((rule) => [rule.id, rule.title, rule] as const))('%s: %s', (_, __, rule) => {
    const { length } = responseOf(rule, offer.key);
    for (const size of [length, 1, 7]) expect(readAnswer(rule, size), `${size} at a time`).toEqual(rule.expected);
  });
});

it('gives every rule a name of its own, a section and a sentence', () => {
  const all = [...requestRules, ...responseRules];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, section, title } of all) {
    expect(id).toMatch(/^(request|response)\.[a-z0-9.+-]+$/);
    expect(section).toMatch(/^(RFC \d+ §)?\d+(\.\d+)*$/);
    expect(title).toMatch(/^[A-Z].*\.$/);
  }
});
