import type { CallPromise, HistoryPage, Position } from '@typewire/core';
import {
  Caller,
  type CallerHost,
  type CallObserver,
  encodeText,
  type ItemStream,
  notSent,
  type PublishFields,
  PublishRequest,
  topicName,
} from '@typewire/core/internal';
import type { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { type Later, notLoaded } from './later.ts';
import type {
  CallOptions,
  HistoryOptions,
  MutateOptions,
  PublishOptions,
  StreamOptions,
  UploadOptions,
} from './options.ts';
import { historyPart, uploadPart } from './parts.ts';

/** What calls of any kind may be given. */
export type AnyCallOptions = CallOptions & Partial<UploadOptions<unknown>> & StreamOptions & MutateOptions;

/** A publication is answered once, and by no items. */
const never = (): void => {};

/** Makes calls and publications on a connection. */
export class ClientCaller {
  readonly #connection: Connection;
  readonly #settings: ConnectionSettings;
  readonly #caller: Caller;

  constructor(connection: Connection, settings: ConnectionSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#caller = new Caller(callerHost(connection, settings), settings);
  }

  call(
    kind: 'query' | 'mutation',
    path: string,
    input: unknown,
    options?: AnyCallOptions,
  ): CallPromise<unknown, never> {
    return this.#caller.call(kind, path, input, options);
  }

  stream(path: string, input: unknown, options?: AnyCallOptions): ItemStream<unknown> {
    return this.#caller.stream(path, input, options);
  }

  publish(path: string, params: unknown, event: unknown, options: PublishOptions = {}): Promise<Position> {
    return new Promise((resolve, reject) => {
      // Both refuse parameters: what is not plain JSON, and what no server takes.
      topicName(path, params);
      encodeText(this.#settings.serializer, params, 'params');
      const fields = {
        path: this.#caller.pathText(path),
        params: JSON.stringify(params ?? null),
        fields: this.#publishFields(options),
      };
      const observer = { result: resolve as CallObserver['result'], fail: reject, item: never, end: never };
      this.#caller.start(
        (deadline, observed, input) => new PublishRequest({ ...fields, input, deadline, observer: observed }),
        options,
        this.#settings.callTimeoutMs,
        observer,
        this.#caller.encode(event, 'event'),
      );
    });
  }

  async history(path: string, params: unknown, options?: HistoryOptions): Promise<HistoryPage> {
    const part = await load(historyPart);
    return part.readHistory({ path, params, options, caller: this.#caller }, this.#connection.session, this.#settings);
  }

  /** @throws {UsageError} `BAD_OPTION` */
  #publishFields({ idempotencyKey, exclude }: PublishOptions): PublishFields | null {
    const key = this.#caller.keyOf(idempotencyKey);
    if (key === null && exclude === undefined) return null;
    return { key: key ?? undefined, exclude: exclude === 'self' || undefined };
  }
}

/** Rejects with a `CallError`. */
async function load<Part>(part: Later<Part>): Promise<Part> {
  try {
    return await part.load();
  } catch (error) {
    throw notLoaded(error);
  }
}

/** The session is another one after a client that was refused has been revived. */
function callerHost(connection: Connection, { serializer, environment }: ConnectionSettings): CallerHost {
  return {
    serializer,
    environment,
    get calls() {
      return connection.session.calls;
    },
    get refusal() {
      const { isClosed, status } = connection;
      return isClosed ? notSent('DISCONNECTED', 'the client is closed', status.error) : null;
    },
    send: (message) => connection.session.send(message),
    async beginUpload(source) {
      const { Upload } = await load(uploadPart);
      return new Upload(source, connection.session);
    },
    start(request, now) {
      connection.session.start(request, now);
      connection.deadlinesChanged();
    },
  };
}
