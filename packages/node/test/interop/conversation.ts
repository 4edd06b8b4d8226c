import { connect, listen, type PerMessageDeflateOptions, type WebSocketConnection } from '@typewire/node';
import { expect, onTestFinished } from 'vitest';

/** The text that makes the echo servers of this folder close with {@link farewell}. */
export const closeRequest = 'close me';
export const farewell = { code: 4_002, reason: 'bye' } as const;
export const ownFarewell = { code: 4_001, reason: 'done' } as const;

/** Empty ones, all three lengths of a length, what is not ASCII, bytes that are no text, and more than one TCP segment. */
export const messages: readonly (string | Uint8Array)[] = [
  '',
  'hello',
  'Grüße, 世界 👋',
  'a'.repeat(125),
  'b'.repeat(126),
  'c'.repeat(65_535),
  'é'.repeat(32_768),
  new Uint8Array(0),
  Uint8Array.of(0, 255, 128, 192, 175),
  bytesOf(126),
  bytesOf(65_536),
  bytesOf(300_000),
];

/** How our end compresses; the others do by their own defaults, if they can. */
export const compressions: readonly (readonly [name: string, perMessageDeflate: PerMessageDeflateOptions | false])[] = [
  ['plain', false],
  ['compressed', { thresholdBytes: 0 }],
  [
    'compressed with context takeover',
    { thresholdBytes: 0, serverNoContextTakeover: false, clientNoContextTakeover: false },
  ],
];

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
}

/** Messages in a form that is compared quickly. */
export function readable(all: readonly (string | Uint8Array)[]): string[] {
  return all.map((message) =>
    typeof message === 'string' ? `text ${message}` : `bytes ${Buffer.from(message).toString('base64')}`,
  );
}

/** How each connection of our server ended, in order, and where it listens. */
export async function startEcho(perMessageDeflate: PerMessageDeflateOptions | false = false) {
  const listener = await listen({ port: 0, host: '127.0.0.1', protocols: ['chat'], perMessageDeflate });
  onTestFinished(() => listener.close({ timeoutMs: 0 }));
  const ends: Promise<unknown>[] = [];
  const connections: WebSocketConnection[] = [];
  listener.on('connection', (connection) => {
    connections.push(connection);
    connection.on('message', (message) => {
      if (message === closeRequest) connection.close(farewell.code, farewell.reason);
      else connection.send(message);
    });
    ends.push(new Promise((resolve) => connection.on('closed', resolve)));
  });
  return { url: `ws://127.0.0.1:${listener.port}/`, ends, connections };
}

/**
 * Talks to an echo server of another library as a client, ends once by itself and lets the server end once. `answer` is
 * the code with which the server answers ours. Resolves with the extensions that were agreed on.
 */
export async function converse(
  url: string,
  answer: number = ownFarewell.code,
  perMessageDeflate: PerMessageDeflateOptions | false = false,
): Promise<string> {
  const connection = await connect(url, { protocols: ['chat', 'other'], perMessageDeflate });
  expect(connection.protocol).toBe('chat');
  const answers: (string | Uint8Array)[] = [];
  const complete = new Promise<void>((resolve) => {
    connection.on('message', (message) => {
      if (answers.push(message) === messages.length) resolve();
    });
  });
  for (const message of messages) connection.send(message);
  await complete;
  expect(readable(answers)).toEqual(readable(messages));

  const pong = new Promise((resolve) => connection.on('pong', (payload) => resolve(Buffer.from(payload).toString())));
  connection.ping('are you there?');
  expect(await pong).toBe('are you there?');

  const end = new Promise((resolve) => connection.on('closed', resolve));
  connection.close(ownFarewell.code, ownFarewell.reason);
  expect(await end).toMatchObject({ code: answer, clean: true });

  const other = await connect(url, { protocols: ['chat'] });
  const otherEnd = new Promise((resolve) => other.on('closed', resolve));
  other.send(closeRequest);
  expect(await otherEnd).toEqual({ ...farewell, clean: true });
  return connection.extensions;
}
