import type { Sources } from '../run-program.ts';
import callsApi from './calls/api.ts?raw';
import callsClient from './calls/client.ts?raw';
import callsServer from './calls/server.ts?raw';
import chatApi from './chat/api.ts?raw';
import chatClient from './chat/client.ts?raw';
import chatServer from './chat/server.ts?raw';
import gapApi from './gap/api.ts?raw';
import gapClient from './gap/client.ts?raw';
import gapServer from './gap/server.ts?raw';
import whoApi from './who/api.ts?raw';
import whoClient from './who/client.ts?raw';
import whoServer from './who/server.ts?raw';

export type ProgramName = 'chat' | 'calls' | 'who' | 'gap';

/** An example as it is before the reader changes it. */
export interface Example {
  readonly sources: Sources;
  /** What the line below a client's messages asks for. */
  hint(client: string): string;
  /** What its button says. */
  readonly verb: string;
}

export const examples: Readonly<Record<ProgramName, Example>> = {
  chat: {
    sources: { 'api.ts': chatApi, 'server.ts': chatServer, 'client.ts': chatClient },
    hint: (client) => `Say something as ${client}`,
    verb: 'Say',
  },
  calls: {
    sources: { 'api.ts': callsApi, 'server.ts': callsServer, 'client.ts': callsClient },
    hint: () => '12/4 divides, 9 counts down, stop',
    verb: 'Call',
  },
  who: {
    sources: { 'api.ts': whoApi, 'server.ts': whoServer, 'client.ts': whoClient },
    hint: (client) => `What ${client} is doing, or leave`,
    verb: 'Tell',
  },
  gap: {
    sources: { 'api.ts': gapApi, 'server.ts': gapServer, 'client.ts': gapClient },
    hint: () => 'How many readings, such as 5',
    verb: 'Measure',
  },
};

/** In the order in which they are offered. */
export const exampleTitles: ReadonlyArray<readonly [ProgramName, string]> = [
  ['chat', 'Chat'],
  ['calls', 'Calls'],
  ['who', 'Presence'],
  ['gap', 'Gap'],
];
