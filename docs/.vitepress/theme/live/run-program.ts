import * as client from '@typewire/client';
import * as core from '@typewire/core';
import * as server from '@typewire/server';
import * as zod from 'zod';
import { evaluate, type Modules } from './evaluate.ts';
import type { Screen } from './programs/tab.ts';
import { type TappedNetwork, tappedNetwork } from './tapped-network.ts';
import { nameMessages, type WireMessage } from './wire-log.ts';

/** The sources of a program, by the names of its files. */
export interface Sources {
  readonly 'api.ts': string;
  readonly 'server.ts': string;
  readonly 'client.ts': string;
}

/** One of the program's clients: its name, and where it shows itself. */
export interface Seat {
  readonly name: string;
  readonly screen: Screen;
}

export interface Program {
  setOnline(name: string, online: boolean): void;
  close(): Promise<void>;
}

const packages: Modules = {
  '@typewire/client': client,
  '@typewire/core': core,
  '@typewire/server': server,
  zod,
};

/** Starts a server with its broker, and a client for each seat, in this page. @throws what the sources throw */
export async function runProgram(
  sources: Sources,
  seats: readonly Seat[],
  tell: (message: WireMessage) => void,
): Promise<Program> {
  let count = 0;
  const open: Array<{ close(): Promise<void> }> = [];
  const networks = new Map<string, TappedNetwork>();
  const close = async () => void (await Promise.allSettled(open.reverse().map((end) => end.close())));
  try {
    const api = await evaluate('api.ts', sources['api.ts'], packages);
    const backend = await evaluate('server.ts', sources['server.ts'], { ...packages, './api.ts': api });
    const wire = backend['wire'] as server.Wire | undefined;
    if (wire === undefined) throw new Error('server.ts must export the wire it creates, as `wire`');
    open.push(wire);
    for (const { name, screen } of seats) {
      const network = tappedNetwork(
        (transport) => wire.accept(transport, { url: '/wire', headers: new Map(), remoteAddress: null }),
        (direction, data) => {
          const text = typeof data === 'string' ? data : `${data.length} bytes`;
          tell({ number: ++count, client: name, direction, names: nameMessages(data), text });
        },
      );
      networks.set(name, network);
      const tab = { me: name, connect: network.connect, screen };
      const front = await evaluate('client.ts', sources['client.ts'], {
        ...packages,
        './api.ts': api,
        './tab.ts': tab,
      });
      if (front['wire'] !== undefined) open.push(front['wire'] as client.Client<unknown>);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { setOnline: (name, online) => networks.get(name)?.setOnline(online), close };
}
