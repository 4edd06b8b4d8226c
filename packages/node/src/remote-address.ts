import type { ServerHttp2Stream } from 'node:http2';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Address of the peer of a socket, or of the session that a stream of HTTP/2 belongs to. */
export function remoteAddressOf(socket: Duplex): string | undefined {
  if (socket instanceof Socket) return socket.remoteAddress;
  return (socket as Partial<ServerHttp2Stream>).session?.socket?.remoteAddress;
}
