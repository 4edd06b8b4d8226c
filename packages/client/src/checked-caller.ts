import type { CallError, CallPromise, Position } from '@typewire/core';
import { type ContractCheck, ItemStream, StreamReader } from '@typewire/core/internal';
import type { ClientCaller } from './caller.ts';
import type { CallOptions, MutateOptions, PublishOptions, StreamOptions, UploadOptions } from './options.ts';

type AnyCallOptions = CallOptions & Partial<UploadOptions<unknown>> & StreamOptions & MutateOptions;

/** What a client can ask of a server. */
type Calls = Pick<ClientCaller, 'call' | 'publish' | 'stream'>;

/** Makes the calls that a contract allows, and fails the others without a word to the server. */
export class CheckedCaller implements Calls {
  readonly #caller: Calls;
  readonly #check: ContractCheck;

  constructor(caller: Calls, check: ContractCheck) {
    this.#caller = caller;
    this.#check = check;
  }

  call(
    kind: 'query' | 'mutation',
    path: string,
    input: unknown,
    options?: AnyCallOptions,
  ): CallPromise<unknown, never> {
    // An executor, so that a schema that throws rejects the call too.
    return new Promise((resolve) => {
      const error = this.#check.input(options?.upload === undefined ? kind : 'upload', path, input);
      if (error !== null) throw error;
      resolve(this.#caller.call(kind, path, input, options));
    });
  }

  publish(path: string, params: unknown, event: unknown, options?: PublishOptions): Promise<Position> {
    return new Promise((resolve) => {
      const error = this.#check.event(path, params, event);
      if (error !== null) throw error;
      resolve(this.#caller.publish(path, params, event, options));
    });
  }

  stream(path: string, input: unknown, options?: AnyCallOptions): ItemStream<unknown> {
    const error = this.#check.input(options?.upload === undefined ? 'stream' : 'duplex', path, input);
    return error === null ? this.#caller.stream(path, input, options) : failed(error);
  }
}

/** A stream that is over with its first item. */
function failed(error: CallError): ItemStream<unknown> {
  const reader = new StreamReader<unknown>({ window: 1, grant: () => {}, cancel: () => {} });
  reader.finish(error);
  return new ItemStream(
    reader,
    () => {},
    () => null,
  );
}
