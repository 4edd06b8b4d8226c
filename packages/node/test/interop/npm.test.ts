import { describe, expect, it } from 'vitest';
import {
  closeRequest,
  compressions,
  converse,
  farewell,
  messages,
  ownFarewell,
  readable,
  startEcho,
} from './conversation.ts';
import { foreignClients, type OpenForeign } from './npm-clients.ts';
import { foreignServers } from './npm-servers.ts';

/** Those that compress by themselves. */
const compressing: ReadonlySet<string> = new Set(['ws', 'undici']);

/** Opens a connection and notes what it is told. */
async function openNoted(open: OpenForeign, url: string) {
  const answers: (string | Uint8Array)[] = [];
  let wake = () => {};
  let tellEnd: (end: unknown) => void = () => {};
  const end = new Promise<unknown>((resolve) => {
    tellEnd = resolve;
  });
  const client = await open(url, ['other', 'chat'], {
    message: (message) => {
      answers.push(message);
      wake();
    },
    closed: tellEnd,
  });
  return {
    client,
    end,
    async take(count: number) {
      while (answers.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return answers.splice(0);
    },
  };
}

describe.each(foreignClients)('%s as the client of ours', (name, open, answer) => {
  it.each(compressions)(
    'agrees on a subprotocol, is echoed everything in order, answers a ping, and closes with a code: %s',
    async (__, perMessageDeflate) => {
      const { url, ends, connections } = await startEcho(perMessageDeflate);
      const { client, take, end } = await openNoted(open, url);
      expect(client.protocol).toBe('chat');
      expect(connections[0]?.extensions !== '').toBe(perMessageDeflate !== false && compressing.has(name));
      for (const message of messages) client.send(message);
      expect(readable(await take(messages.length))).toEqual(readable(messages));

      const [connection] = connections;
      const pong = new Promise((resolve) => connection?.on('pong', (data) => resolve(Buffer.from(data).toString())));
      connection?.ping('are you there?');
      expect(await pong).toBe('are you there?');

      client.close(ownFarewell.code, ownFarewell.reason);
      expect(await ends[0]).toEqual({ ...ownFarewell, clean: true });
      expect(await end).toMatchObject({ code: ownFarewell.code });
    },
  );

  it('is told with which code and reason we close', async () => {
    const { url, ends } = await startEcho();
    const { client, end } = await openNoted(open, url);
    client.send(closeRequest);
    expect(await end).toEqual(farewell);
    expect(await ends[0]).toMatchObject({ code: answer, clean: true });
  });
});

describe.each(foreignServers)('%s as the server of ours', (name, start, answer) => {
  it.each(compressions)(
    'agrees on a subprotocol, echoes everything in order, answers a ping, and closes with a code: %s',
    async (_, perMessageDeflate) => {
      const extensions = await converse(await start(), answer, perMessageDeflate);
      expect(extensions !== '').toBe(perMessageDeflate !== false && compressing.has(name));
    },
  );
});
