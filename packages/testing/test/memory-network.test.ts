import type { Transport } from '@typewire/core';
import { describe, expect, it } from 'vitest';
import { settled } from '../src/fake-clock.ts';
import { type MemoryNetwork, memoryNetwork } from '../src/memory-network.ts';
import { recordingListener } from './support.ts';

function testNetwork(): { network: MemoryNetwork; accepted: Array<{ transport: Transport; log: string[] }> } {
  const accepted: Array<{ transport: Transport; log: string[] }> = [];
  const network = memoryNetwork((transport) => {
    const listener = recordingListener();
    accepted.push({ transport, log: listener.log });
    return listener;
  });
  return { network, accepted };
}

describe('a connection', () => {
  it('opens after the call that asked for it, and carries messages both ways', async () => {
    const { network, accepted } = testNetwork();
    const client = recordingListener();
    const transport = network.connect('memory:', client);
    expect(client.log).toEqual([]);
    await settled();
    transport.send('hi');
    accepted[0]?.transport.send('hello');
    await settled();

    expect(client.log).toEqual(['opened', 'message hello']);
    expect(accepted[0]?.log).toEqual(['message hi']);
  });

  it('is opened before anything the server says at once', async () => {
    const client = recordingListener();
    const network = memoryNetwork((transport) => {
      transport.send('welcome');
      return recordingListener();
    });
    network.connect('memory:', client);
    await settled();

    expect(client.log).toEqual(['opened', 'message welcome']);
  });

  it('is one of its own for each client', async () => {
    const { network, accepted } = testNetwork();
    network.connect('memory:', recordingListener()).send('from one');
    network.connect('memory:', recordingListener()).send('from two');
    await settled();

    expect(accepted.map(({ log }) => log)).toEqual([['message from one'], ['message from two']]);
    expect(network.pairs).toHaveLength(2);
  });
});

describe('a network that cannot be reached', () => {
  it('closes a new connection without opening it', async () => {
    const { network, accepted } = testNetwork();
    const client = recordingListener();
    network.reachable = false;
    network.connect('memory:', client);
    await settled();

    expect(client.log).toEqual(['closed 1006 ']);
    expect(accepted).toEqual([]);
  });

  it('leaves those alone that are open', async () => {
    const { network } = testNetwork();
    const client = recordingListener();
    network.connect('memory:', client);
    await settled();
    network.reachable = false;
    await settled();

    expect(client.log).toEqual(['opened']);
  });
});

it('cuts every connection at once', async () => {
  const { network, accepted } = testNetwork();
  const clients = [recordingListener(), recordingListener()];
  for (const client of clients) network.connect('memory:', client);
  await settled();
  network.cut();
  await settled();

  expect(clients.map(({ log }) => log)).toEqual([
    ['opened', 'closed 1006 '],
    ['opened', 'closed 1006 '],
  ]);
  expect(accepted.map(({ log }) => log)).toEqual([['closed 1006 '], ['closed 1006 ']]);
});

it('does not open an attempt that was given up', async () => {
  const { network, accepted } = testNetwork();
  const client = recordingListener();
  network.connect('memory:', client).close(1000, '');
  await settled();

  expect(client.log.filter((entry) => entry === 'opened')).toEqual([]);
  expect(accepted).toEqual([]);
});
