import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { UsageError } from '@typewire/frame';
import { answerNodeRequest } from './accept-upgrade.ts';
import type { WebSocketConnection } from './connection.ts';
import { type StartTimer, systemTimer } from './deadline.ts';
import { answerStream } from './http2/accept-stream.ts';
import { Http2Answer } from './http2/http2-answer.ts';
import { type AnyHttp2Server, Http2Door, isHttp2Server } from './http2/http2-door.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { ConnectionTracker, type ShutdownOptions, shutdownDefaults } from './shutdown.ts';
import {
  createUpgradePolicy,
  type IncomingUpgrade,
  type UpgradeOptions,
  type UpgradePolicy,
} from './upgrade-options.ts';

/**
 * A server of `node:http`, `node:https` or `node:http2`. Over HTTP/2 the sockets of a page share its one connection
 * (RFC 8441); with `allowHTTP1` the same mounts also serve clients that do not speak it.
 */
export type GateServer = HttpServer | HttpsServer | AnyHttp2Server;

/** Options of {@link createUpgradeGate}. */
export interface UpgradeGateOptions {
  /**
   * What happens to an upgrade to a path without a mount. `'refuse'` answers 404: at once where the server has no other
   * `upgrade` listener, else once none of those has answered for 10 s. With `'leave'` the socket then stays open until
   * its peer ends it. @default 'refuse'
   */
  whenUnmatched?: 'refuse' | 'leave';
  /** Source of time, for tests. @default the system's */
  startTimer?: StartTimer;
}

const unmatched = 'There is no WebSocket on this path.';

/** How long other listeners of a server may take to answer what is on none of our paths: a handshake's time. */
const othersTimeoutMs = 10_000;

/** Called for each new connection; attach its listeners before returning. */
export type OnConnection = (connection: WebSocketConnection, request: IncomingUpgrade) => void;

interface Mount {
  readonly policy: UpgradePolicy;
  readonly onConnection: OnConnection;
}

// Two gates on one server would each answer 404 for the other's paths.
const gates = new WeakMap<GateServer, UpgradeGate>();

/** Serves WebSocket on paths of an HTTP server, and ends the connections with it. Made by {@link createUpgradeGate}. */
export class UpgradeGate {
  readonly #server: GateServer;
  readonly #whenUnmatched: 'refuse' | 'leave';
  readonly #startTimer: StartTimer;
  readonly #tracker = new ConnectionTracker();
  readonly #mounts = new Map<string, Mount>();
  readonly #http2: Http2Door | null;

  /** @internal */
  constructor(server: GateServer, options: UpgradeGateOptions) {
    this.#server = server;
    this.#whenUnmatched = options.whenUnmatched ?? 'refuse';
    this.#startTimer = options.startTimer ?? systemTimer;
    const http1: HttpServer = server as HttpServer; // The event is the same where HTTP/2 servers allow HTTP/1.1.
    http1.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const mount = this.#mounts.get(pathOf(request.url ?? ''));
      if (mount !== undefined) answerNodeRequest({ request, socket, head }, mount.policy, mount.onConnection);
      else if (this.#whenUnmatched === 'refuse') this.#refuseUnmatched(socket);
    });
    this.#http2 = isHttp2Server(server) ? this.#openDoor(server) : null;
  }

  /** Number of sockets that left the HTTP server through this gate, those in their handshake included. */
  get size(): number {
    return this.#tracker.size;
  }

  /**
   * Accepts upgrades to exactly `path`, query aside, and returns what stops that; connections that are open stay open.
   * Each mount has its own policy.
   *
   * @throws {UsageError} `BAD_OPTION` for unusable options, a path without a slash in front, and a path that is taken.
   */
  mount(path: string, options: Omit<UpgradeOptions, 'tracker'>, onConnection: OnConnection): () => void {
    if (!path.startsWith('/') || path.includes('?')) throw new UsageError('BAD_OPTION', 'path must be a path: /chat');
    if (this.#mounts.has(path)) throw new UsageError('BAD_OPTION', `there is a mount on ${path} already`);
    const mount: Mount = { policy: createUpgradePolicy({ ...options, tracker: this.#tracker }), onConnection };
    this.#mounts.set(path, mount);
    return () => {
      if (this.#mounts.get(path) === mount) this.#mounts.delete(path);
    };
  }

  /**
   * Answers new upgrades with 503, closes the connections with 1001, and resolves when their sockets are gone: those
   * whose peers have not answered are destroyed after `timeoutMs`. The HTTP server goes on.
   */
  close(options: ShutdownOptions = {}): Promise<void> {
    return this.#tracker.closeAll(options);
  }

  /** {@link close}, and `server.close()` with it, which alone would wait for the connections and not end them. */
  async closeServer(options: ShutdownOptions = {}): Promise<void> {
    const ended = this.close(options);
    const stopped = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    if (this.#http2 !== null) await this.#closeHttp2(this.#http2, ended, stopped, options);
    await Promise.all([ended, stopped]);
  }

  #openDoor(server: AnyHttp2Server): Http2Door {
    return new Http2Door(server, (event, target) => {
      const mount = this.#mounts.get(pathOf(target));
      if (mount !== undefined) answerStream(event, mount.policy, mount.onConnection);
      else if (this.#whenUnmatched === 'refuse') {
        event.stream.on('error', () => {});
        new Http2Answer(event.stream).refuse(404, unmatched, this.#startTimer);
      }
    });
  }

  /** Sessions outlive their streams: browsers keep them for the next request. */
  async #closeHttp2(
    door: Http2Door,
    ended: Promise<void>,
    stopped: Promise<void>,
    options: ShutdownOptions,
  ): Promise<void> {
    await ended;
    door.closeSessions();
    const cancelTimer = this.#startTimer(options.timeoutMs ?? shutdownDefaults.timeoutMs, () => door.destroy());
    await stopped;
    cancelTimer();
  }

  /** A development server's or another library's sockets pass through here too, where they share the HTTP server. */
  #refuseUnmatched(socket: Duplex): void {
    const refuse = () => refuseUpgrade(socket, 404, unmatched);
    if (this.#server.listenerCount('upgrade') === 1) return refuse();
    const before = bytesWritten(socket);
    // Nobody else may listen for it, and a reset would end the process.
    socket.on('error', () => {});
    const cancelTimer = this.#startTimer(othersTimeoutMs, () => {
      if (!socket.destroyed && bytesWritten(socket) === before) refuse();
    });
    socket.once('close', cancelTimer);
  }
}

/**
 * Makes the gate of a `node:http`, `node:https` or `node:http2` server. One of HTTP/2 tells browsers from then on that
 * WebSockets may share their connection (`enableConnectProtocol`): make the gate before the server listens.
 *
 * @throws {UsageError} `BAD_OPTION` when the server has one already.
 */
export function createUpgradeGate(server: GateServer, options: UpgradeGateOptions = {}): UpgradeGate {
  if (gates.has(server)) throw new UsageError('BAD_OPTION', 'this server has a gate already; mount on that one');
  const gate = new UpgradeGate(server, options);
  gates.set(server, gate);
  return gate;
}

/** The gate that {@link createUpgradeGate} made for `server`, or `null`. */
export function upgradeGateOf(server: GateServer): UpgradeGate | null {
  return gates.get(server) ?? null;
}

function bytesWritten(socket: Duplex): number | undefined {
  return (socket as Partial<Socket>).bytesWritten;
}

/** Path of a request target, which may be absolute. What is no target at all is on no path. */
function pathOf(target: string): string {
  const start = target.startsWith('/') ? 0 : target.indexOf('/', target.indexOf('://') + 3);
  const path = start === -1 ? '/' : target.slice(start);
  const query = path.indexOf('?');
  return query === -1 ? path : path.slice(0, query);
}
