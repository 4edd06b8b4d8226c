import { ItemStream } from '../calls/item-stream.ts';
import { StreamReader } from '../calls/stream-reader.ts';
import type { UploadSource } from '../calls/upload.ts';
import type { Position } from '../channels/position.ts';
import type { CallError } from '../errors.ts';
import type { ContractCheck } from './contract-check.ts';
import type { CallPromise } from './procedure.ts';

/** What a client can ask of a server, with whatever options. */
export interface Calls<Options extends { readonly upload?: UploadSource<unknown> | undefined }, PublishOptions> {
  call(kind: 'query' | 'mutation', path: string, input: unknown, options?: Options): CallPromise<unknown, never>;
  publish(path: string, params: unknown, event: unknown, options?: PublishOptions): Promise<Position>;
  stream(path: string, input: unknown, options?: Options): ItemStream<unknown>;
}

/** Makes the calls that a contract allows, and fails the others without a word to the server. */
export class CheckedCaller<Options extends { readonly upload?: UploadSource<unknown> | undefined }, PublishOptions>
  implements Calls<Options, PublishOptions>
{
  readonly #caller: Calls<Options, PublishOptions>;
  readonly #check: ContractCheck;

  constructor(caller: Calls<Options, PublishOptions>, check: ContractCheck) {
    this.#caller = caller;
    this.#check = check;
  }

  call(kind: 'query' | 'mutation', path: string, input: unknown, options?: Options): CallPromise<unknown, never> {
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

  stream(path: string, input: unknown, options?: Options): ItemStream<unknown> {
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
