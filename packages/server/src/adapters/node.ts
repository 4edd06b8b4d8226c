import { SUBPROTOCOL, UsageError } from '@typewire/core';
import {
  createUpgradeGate,
  type GateServer,
  type IncomingUpgrade,
  listen as listenOnTcp,
  type OnConnection,
  type ListenOptions as TcpListenOptions,
  type UpgradeOptions,
  upgradeGateOf,
} from '@typewire/node';
import type { ConnectRequest } from '../authentication/authenticate.ts';
import type { Wire } from '../wire.ts';
import { NodeTransport } from './node-transport.ts';
import { warnOfRefusedOrigins } from './refused-origins.ts';

type Taken = 'protocols' | 'tracker' | 'maxMessageBytes';

/** Options of {@link attach}: where, and from whose pages, clients may connect. */
export interface AttachOptions extends Omit<UpgradeOptions, Taken> {
  /** Path clients connect to. @default '/wire' */
  readonly path?: string;
}

/** Options of {@link listen}. */
export type ListenOptions = Omit<TcpListenOptions, Taken> & Pick<AttachOptions, 'onRefused'>;

export interface Attached {
  /** Ends this mount: clients are closed with 1001, new ones refused. The HTTP server goes on. */
  close(): Promise<void>;
}

export interface Listening extends Attached {
  readonly port: number;
  readonly address: string;
}

/**
 * Serves a wire on a path of your HTTP, HTTPS or HTTP/2 server; its routes stay as they are. Pages of other hosts are refused
 * with 403 before the upgrade unless `origins` lists them; without `onRefused` each such origin, up to 20, is printed once
 * with `console.warn`. Several wires may be attached on different paths.
 *
 * @throws {UsageError} `BAD_OPTION` for unusable options, a path that is taken, or an app of a framework in place of its server.
 */
export function attach(server: GateServer, wire: Wire, options: AttachOptions = {}): Attached {
  // Apps of Express and Koa have an `on`, too: nobody would ever connect, and nothing would say why.
  if (typeof server?.address !== 'function') {
    throw new UsageError(
      'BAD_OPTION',
      'attach takes the server of node:http, such as createServer(app) or what app.listen(3000) returns, not an app',
    );
  }
  const { path = '/wire', onRefused = warnOfRefusedOrigins(), ...rest } = options;
  const gate = upgradeGateOf(server) ?? createUpgradeGate(server);
  const unmount = gate.mount(path, { ...rest, onRefused, ...settingsOf(wire) }, connectTo(wire));
  return {
    close() {
      unmount();
      return wire.close();
    },
  };
}

/** Serves a wire on a TCP port of its own, on every path, without an HTTP server. Resolves once it listens. */
export async function listen(wire: Wire, options: ListenOptions): Promise<Listening> {
  const { onRefused = warnOfRefusedOrigins(), ...rest } = options;
  const listener = await listenOnTcp({ ...rest, ...settingsOf(wire) });
  listener.on('refused', onRefused);
  listener.on('connection', connectTo(wire));
  return {
    port: listener.port,
    address: listener.address,
    async close() {
      await wire.close();
      await listener.close();
    },
  };
}

function settingsOf(wire: Wire): Pick<UpgradeOptions, 'protocols' | 'maxMessageBytes'> {
  return { protocols: [SUBPROTOCOL], maxMessageBytes: wire.limits.maxMessageBytes };
}

function connectTo(wire: Wire): OnConnection {
  return (connection, request) => {
    const transport = new NodeTransport(connection);
    transport.listen(wire.accept(transport, readRequest(request)));
  };
}

function readRequest({ path, query, headers, remoteAddress }: IncomingUpgrade): ConnectRequest {
  return { url: query === '' ? path : `${path}?${query}`, headers, remoteAddress };
}
