import type { WebSocketConnection } from '@typewire/node';
import { settled } from '@typewire/testing';
import { expect, it, vi } from 'vitest';
import { connect } from '../src/transports/node.ts';

const connection = { on: vi.fn(), close: vi.fn(), terminate: vi.fn() };
// The moment between the end of the handshake and the engine's promise is too short to meet over a real socket.
vi.mock('@typewire/node', () => ({
  connect: (): Promise<Partial<WebSocketConnection>> => Promise.resolve(connection as Partial<WebSocketConnection>),
}));

it('drops a connection that was given up when its handshake was just done', async () => {
  const opened = vi.fn();
  const transport = connect('ws://x', { opened, message: vi.fn(), heard: vi.fn(), closed: vi.fn() });
  transport.close(1000, '');
  await settled();
  expect(connection.terminate).toHaveBeenCalledTimes(1);
  expect(opened).not.toHaveBeenCalled();
});
