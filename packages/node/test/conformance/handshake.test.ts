import { createServer } from 'node:net';
import { connect, type HandshakeError, listen } from '@typewire/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptOf, offered, requestOf, responseOf } from '../../../frame/test/conformance/handshake/messages.ts';
import { requestRules } from '../../../frame/test/conformance/handshake/request-rules.ts';
import { responseRules } from '../../../frame/test/conformance/handshake/response-rules.ts';
import type { RequestRule, ResponseRule } from '../../../frame/test/conformance/handshake/rule.ts';
import { echo } from '../../echo/echo-limits.ts';
import { clientText, RawClient, serverText } from '../raw-client.ts';
import { eventually, listenOnLoopback, startHttpServer } from '../test-server.ts';

const policy = { origins: 'any', missingOrigin: 'allow', protocols: offered } as const;

/** Plays a rule, and returns the status of the answer. Where that is 101, the connection has echoed a message. */
async function statusFrom(port: number, rule: RequestRule): Promise<number> {
  const client = await RawClient.open(port);
  const request = requestOf(rule);
  // The first frame comes in the same segment as the request.
  client.write(request, clientText('glued'));
  await Promise.race([client.until(serverText('glued')).catch(() => {}), client.closed]);
  const answer = client.received;
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  if (status === 101) {
    expect(answer).toContain(serverText('glued'));
    const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? '';
    expect(answer).toContain(`\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n`);
    expect(answer).not.toContain('Sec-WebSocket-Extensions');
    const protocol = /\r\nSec-WebSocket-Protocol: (.*)\r\n/.exec(answer)?.[1] ?? null;
    if ('protocol' in rule.expected) expect(protocol).toBe(rule.expected.protocol);
    client.reset();
  } else if (status === 426) {
    expect(answer).toContain('\r\nSec-WebSocket-Version: 13, 8\r\n');
  }
  return status;
}

const rows = requestRules.map((rule) => [rule.id, rule.title, rule] as const);
const statusOf = ({ expected }: RequestRule): number => ('status' in expected ? expected.status : 101);

describe('a listener on bare TCP', () => {
  const refusals: HandshakeError[] = [];
  let port = 0;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const listener = await listen({ port: 0, host: '127.0.0.1', ...policy });
    listener.on('connection', echo);
    listener.on('refused', (error) => refusals.push(error));
    port = listener.port;
    stop = () => listener.close({ timeoutMs: 0 });
  });

  afterAll(() => stop());

  it.each(rows)('%s: %s', async (_, __, rule) => {
    refusals.length = 0;
    expect(await statusFrom(port, rule)).toBe(statusOf(rule));
    if ('code' in rule.expected) expect(refusals).toMatchObject([rule.expected]);
  });
});

describe('an upgrade of node:http', () => {
  it.each(rows)('%s: %s', async (_, __, rule) => {
    const server = await startHttpServer(policy);
    const status = await statusFrom(server.port, rule);
    const { overHttp = statusOf(rule) } = rule;
    expect(status).toBe(overHttp === 'request' ? 200 : overHttp);
    if ('code' in rule.expected && overHttp === rule.expected.status) expect(server.connections).toEqual([]);
  });
});

describe('a client', () => {
  let rule: ResponseRule;
  let port = 0;
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections++;
    socket.on('error', () => {});
    socket.once('data', (request: Buffer) => {
      const key = /Sec-WebSocket-Key: (.*)\r/.exec(request.toString('latin1'))?.[1] ?? '';
      socket.write(responseOf(rule, key) + serverText('glued'), 'latin1');
    });
  });

  beforeAll(async () => {
    port = await listenOnLoopback(server);
  });

  afterAll(() => void server.close());

  it.each(responseRules.map((each) => [each.id, each.title, each] as const))('%s: %s', async (_, __, each) => {
    rule = each;
    connections = 0;
    const connecting = connect(`ws://127.0.0.1:${port}/chat`, { protocols: offered });
    if ('code' in rule.expected) {
      await expect(connecting).rejects.toMatchObject({ name: 'HandshakeError', code: rule.expected.code });
    } else {
      const connection = await connecting;
      const messages: unknown[] = [];
      connection.on('message', (message) => messages.push(message));
      expect(connection.protocol).toBe(rule.expected.protocol ?? '');
      await eventually(() => messages.length > 0);
      expect(messages).toEqual(['glued']);
      connection.terminate();
    }
    expect(connections).toBe(1);
  });
});
