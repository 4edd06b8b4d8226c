import { createHash } from 'node:crypto';
import { sampleHeaders } from '../../handshake/request-text.ts';
import type { HeaderChanges, RequestRule, ResponseRule } from './rule.ts';

/** What the clients of the rules offer and the servers speak, in this order. */
export const offered = ['chat', 'superchat'] as const;

/** The whole request of a rule, one character for each byte. */
export function requestOf({ startLine = 'GET /chat HTTP/1.1', headers = {}, extraLines = [] }: RequestRule): string {
  return [startLine, ...lines({ ...sampleHeaders, ...headers }), ...extraLines, '', ''].join('\r\n');
}

/** The whole answer of a rule to a client that sent `key`. */
export function responseOf(rule: ResponseRule, key: string): string {
  const { before = '', startLine = 'HTTP/1.1 101 Switching Protocols', headers = {}, extraLines = [] } = rule;
  const good = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptOf(key) };
  return before + [startLine, ...lines({ ...good, ...headers }), ...extraLines, '', ''].join('\r\n');
}

/** §1.3. Written out here: the code under test must not check itself. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function lines(headers: HeaderChanges): string[] {
  return Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
}
