import { type CallPromise, type Serializer, UsageError } from '@typewire/core';
import { type ContractCheck, encodeText, notSent, topicName } from '@typewire/core/internal';
import { connect as platformConnect, resolveUrl } from '#transport';
import type { Api } from './api.ts';
import { ClientCaller } from './caller.ts';
import { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { platformEnvironment } from './environment.ts';
import { readHandlers } from './handlers/read-handlers.ts';
import {
  type CallOptions,
  type CheckingContract,
  type ClientOptions,
  type ContractClientOptions,
  clientDefaults,
  type HandlerOptions,
  type HistoryOptions,
  type MutateOptions,
  type PublishOptions,
} from './options.ts';
import { Presence } from './presence/presence.ts';
import { createProxy } from './proxy.ts';
import type { ConnectionStatus } from './status.ts';
import { type SubscribeOptions, Subscription } from './subscription.ts';

/** Most past events one may ask for: what joins later is given them again from memory. */
const MAX_REWIND = 10_000;

/** A connection to a server whose router has the type `Router`. Users' names live under `api`, ours beside it. */
export interface Client<Router> {
  readonly api: Api<Router>;
  /** How the connection stands now. */
  readonly status: ConnectionStatus;
  /** Called at each change of `status`, and never with one that holds no more. Returns its own unsubscribe function. */
  on(name: 'status', listener: (status: ConnectionStatus) => void): () => void;
  /** Tries now rather than at `status.retryAtMs`; of an open connection it asks a sign of life within 3 s. */
  reconnect(): void;
  /**
   * Asks `auth` again and shows the server what it gives, after a sign-in say: calls, streams and subscriptions go on, those
   * that come next as who the client is then. Without a connection it connects now, also a client that the server had
   * refused; what had ended with it stays ended. Resolves once the server has taken them. Rejects with a `ConnectionError`: `AUTH`
   * when `auth` or the server failed and the client is who it was, or when either did not answer within `openTimeoutMs`,
   * after which the server may still take them; otherwise as `status.error`; after `close()` with `UsageError`
   * `ALREADY_CLOSED`.
   */
  reauthenticate(): Promise<void>;
  /** Ends for good: calls without an answer reject with `DISCONNECTED`, subscriptions end. */
  close(): Promise<void>;
}

/**
 * Connects to a server, and keeps connected: lost connections come back by themselves, what is subscribed is
 * subscribed again, and calls made meanwhile wait.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export interface CreateClient {
  <Contract>(options: ContractClientOptions<Contract> & HandlerOptions<NoInfer<Contract>>): Client<Contract>;
  <Router>(options: ClientOptions & HandlerOptions<Router>): Client<Router>;
}

/** Options of any client, before they are checked. */
export type AnyClientOptions = ClientOptions & { readonly contract?: CheckingContract; readonly handlers?: object };

/** Opens a client that carries what is not plain JSON with `createSerializer()`, unless its options name another. */
export function openClient(
  options: AnyClientOptions,
  createSerializer: () => Serializer,
  binary: ConnectionSettings['binary'],
): Client<unknown> {
  const { contract, ...rest } = options;
  const settings = { ...readOptions(rest, createSerializer), binary };
  const connection = new Connection(settings);
  const check = contract === undefined ? null : readCheck(contract);
  const plain = new ClientCaller(connection, settings);
  const caller = check?.checked(plain) ?? plain;

  const subscribe = (
    path: string,
    params: unknown,
    subscribing: SubscribeOptions = {},
  ): Subscription<unknown, unknown, unknown> => {
    const { rewind = 0, maxQueuedEvents = 1_000, presence = 'all' } = subscribing;
    if (!Number.isSafeInteger(rewind) || rewind < 0 || rewind > MAX_REWIND) {
      throw new UsageError('BAD_OPTION', `rewind is a count of at most ${MAX_REWIND}: ${rewind}`);
    }
    const topic = {
      name: topicName(path, params),
      path: JSON.stringify(path),
      params: encodeText(settings.serializer, params, 'params'),
      rewind,
    };
    const { session, isClosed, status } = connection;
    return new Subscription(
      {
        name: topic.name,
        joins: session.joins,
        join: (observer) => session.subscriptions.subscribe(topic, observer, connection.now()),
        publish: (event, call) => caller.publish(path, params, event, call),
        presence: (isGone) =>
          new Presence(isGone ? null : { session, name: topic.name }, settings.serializer, presence),
        history: (call) => plain.history(path, params, call),
      },
      maxQueuedEvents,
      isClosed ? notSent('DISCONNECTED', 'the client is closed', status.error) : (check?.params(path, params) ?? null),
    );
  };

  const api = createProxy({
    query: (path, [input, call]): CallPromise<unknown, never> => caller.call('query', path, input, call as CallOptions),
    mutate: (path, [input, call]): CallPromise<unknown, never> =>
      caller.call('mutation', path, input, call as MutateOptions),
    stream: (path, [input, call]) => caller.stream(path, input, call as CallOptions),
    subscribe: (path, [params, call]) => subscribe(path, params, call as SubscribeOptions),
    history: (path, [params, call]) => plain.history(path, params, call as HistoryOptions),
    publish: (path, [params, event, call]) => caller.publish(path, params, event, call as PublishOptions),
  });

  return {
    api: api as Api<unknown>,
    get status() {
      return connection.status;
    },
    // A listener that closes the client, say, brings on the next status before all have been told of this one.
    on: (name, listener) => connection.events.on(name, (status) => status === connection.status && listener(status)),
    reconnect: () => connection.wake(),
    reauthenticate: () => connection.reauthenticate(),
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}

function readCheck(contract: CheckingContract): ContractCheck {
  const check: ContractCheck | undefined = contract['~check'];
  if (check === undefined) throw new UsageError('BAD_OPTION', 'contract must be what contract.router() made');
  return check;
}

function readOptions(
  options: Omit<AnyClientOptions, 'contract'>,
  createSerializer: () => Serializer,
): Omit<ConnectionSettings, 'binary'> {
  if (typeof options.url !== 'string' && typeof options.url !== 'function') {
    throw new UsageError('BAD_OPTION', 'url must be an address, or a function that returns one');
  }
  const { streamWindow = 1 } = options;
  if (!Number.isSafeInteger(streamWindow)) throw new UsageError('BAD_OPTION', 'streamWindow must be a whole number');
  for (const name of [
    'callTimeoutMs',
    'openTimeoutMs',
    'maxQueueBytes',
    'watchdogMs',
    'watchdogTimeoutMs',
    'streamWindow',
  ] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === 'number' && value > 0)) {
      throw new UsageError('BAD_OPTION', `${name} must be a number above 0; Infinity means no limit`);
    }
  }
  // A path needs a page, which code that is rendered on a server does not have yet.
  const { url, connect = platformConnect } = options;
  if (typeof url === 'string' && !url.startsWith('/') && connect === platformConnect) resolveUrl(url);
  return {
    ...clientDefaults,
    auth: undefined,
    connect: platformConnect,
    environment: platformEnvironment,
    ...options,
    handlers: options.handlers === undefined ? null : readHandlers(options.handlers),
    serializer: options.serializer ?? createSerializer(),
  };
}
