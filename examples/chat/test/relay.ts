import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The way of one browser to the server. The devtools take a page offline for new connections, and leave those that are open
 * alone; a network that is gone takes them along.
 */
export class Relay {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async to(url: string): Promise<Relay> {
    const sockets = new Set<Socket>();
    const { port } = new URL(url);
    const server = createServer((near) => {
      const far = connect(Number(port), 'localhost');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return new Relay(server, sockets);
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
