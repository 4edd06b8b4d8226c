import type {
  Http2SecureServer,
  Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { asksForWebSocket, type StreamEvent } from './accept-stream.ts';

export type AnyHttp2Server = Http2Server | Http2SecureServer;

/** Whether a server speaks HTTP/2; one that also takes HTTP/1.1 has its event `upgrade` besides. */
export function isHttp2Server(server: object): server is AnyHttp2Server {
  // `node:http2` exports no class to ask for. Of Node's servers, only those have this method.
  return 'updateSettings' in server && typeof server.updateSettings === 'function';
}

/**
 * Takes the streams of a server that ask for a WebSocket, and tells browsers that they may ask: from then on, new sessions
 * carry `SETTINGS_ENABLE_CONNECT_PROTOCOL`. All other streams are left to the server's own listeners.
 */
export class Http2Door {
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #sockets = new Set<Socket>();

  constructor(server: AnyHttp2Server, onStream: (event: StreamEvent, path: string) => void) {
    server.updateSettings({ enableConnectProtocol: true });
    server.on('session', (session) => remember(this.#sessions, session));
    server.on('connection', (socket: Socket) => {
      // A frame of the heartbeat is not to wait for one that fills a packet.
      socket.setNoDelay(true);
      remember(this.#sockets, socket);
    });
    const take = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, rawHeaders: string[]) => {
      if (asksForWebSocket(headers)) onStream({ stream, rawHeaders }, headers[':path'] ?? '');
    };
    server.on('stream', take as (...event: unknown[]) => void);
    // Where the server has request handlers, Node answers each CONNECT that nobody listens for with 405, ours too.
    server.on('connect', ((request: Http2ServerRequest, response: Http2ServerResponse) => {
      if (asksForWebSocket(request.headers) || server.listenerCount('connect') > 1) return;
      response.writeHead(405).end();
    }) as (...event: unknown[]) => void);
  }

  /** Ends the sessions that have nothing left to do, in both directions; `server.close()` alone would wait for them. */
  closeSessions(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Ends everything at once. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function remember<Item extends { once(event: 'close', forget: () => void): unknown }>(
  items: Set<Item>,
  item: Item,
): void {
  items.add(item);
  item.once('close', () => items.delete(item));
}
