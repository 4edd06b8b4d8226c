import { createHash } from 'node:crypto';
import { type RequestHead, RequestHeadParser, type ResponseHead, ResponseHeadParser } from '@typewire/frame';

export function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}

/** The request of RFC 6455 §1.3, header by header, so that a test can change or drop one. */
export const sampleHeaders: Readonly<Record<string, string>> = {
  Host: 'server.example.com',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  Origin: 'http://example.com',
  'Sec-WebSocket-Protocol': 'chat, superchat',
  'Sec-WebSocket-Version': '13',
};

/** Request text: the sample with some headers replaced, or dropped where the value is `null`, and lines added. */
export function requestText(
  changes: Readonly<Record<string, string | null>> = {},
  { startLine = 'GET /chat HTTP/1.1', extraLines = [] as readonly string[] } = {},
): string {
  const lines = Object.entries({ ...sampleHeaders, ...changes })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`);
  return [startLine, ...lines, ...extraLines, '', ''].join('\r\n');
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function parseRequest(text: string): RequestHead {
  const outcome = new RequestHeadParser().push(latin1(text));
  if (outcome?.type !== 'head') throw new Error(`no head: ${outcome?.error.message ?? 'incomplete'}`);
  return outcome.head;
}

export function parseResponse(text: string): ResponseHead {
  const outcome = new ResponseHeadParser().push(latin1(text));
  if (outcome?.type !== 'head') throw new Error(`no head: ${outcome?.error.message ?? 'incomplete'}`);
  return outcome.head;
}
