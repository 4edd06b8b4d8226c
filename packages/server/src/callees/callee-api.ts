import type { CallPromise } from '@typewire/core';

/** Options of a call to a client. */
export interface CalleeOptions {
  /** Gives the call up; it rejects with `ABORTED` and the client's handler is told. */
  readonly signal?: AbortSignal;
  /**
   * Longest wait for the answer, in milliseconds, never longer than the call has left that it is made for. Streams have no
   * other limit. @default `callTimeoutMs` of `createWire`
   */
  readonly timeoutMs?: number;
}

type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CalleeOptions]
  : [input: Input, options?: CalleeOptions];

type Calls<Kind, Input, Output, Errors extends Record<string, unknown>> = Kind extends 'query'
  ? { query(...args: Arguments<Input>): CallPromise<Output, Errors> }
  : Kind extends 'mutation'
    ? { mutate(...args: Arguments<Input>): CallPromise<Output, Errors> }
    : { stream(...args: Arguments<Input>): AsyncIterableIterator<Output, undefined> };

/** What the server calls of a client: the same tree with a verb at each leaf. */
export type CalleeApi<Tree> = {
  readonly [Name in keyof Tree]: Tree[Name] extends {
    readonly '~kind': infer Kind;
    readonly '~types'?: {
      readonly input: infer Input;
      readonly output: infer Output;
      readonly errors: infer Errors extends Record<string, unknown>;
    };
  }
    ? Calls<Kind, Input, Output, Errors>
    : CalleeApi<Tree[Name]>;
};
