import type { Router } from '@typewire/core';
import type { ContractHandler } from './contract-handler.ts';
import type { HandlerArguments, MaybePromise } from './handler.ts';
import type { ChannelRulesOptions } from './server-channel.ts';

/** What a contract's tree needs to be served: the same names, with a handler or rules at each leaf. */
export type Implementation<Context, Tree> =
  Tree extends Router<infer Inner, infer _Context>
    ? Implementation<Context, Inner>
    : { readonly [Name in keyof Tree]: MemberImplementation<Context, Tree[Name]> };

type MemberImplementation<Context, Member> = Member extends { readonly '~kind': 'query' | 'mutation' | 'stream' }
  ? ProcedureImplementation<Context, Member>
  : Member extends { readonly '~kind': 'channel' }
    ? ChannelImplementation<Context, Member>
    : Member extends Router<infer Inner, infer _Context>
      ? Implementation<Context, Inner> | Router<Inner, Context>
      : Implementation<Context, Member> | Router<Member, Context>;

type ProcedureImplementation<Context, Member> = Member extends {
  readonly '~kind': infer Kind;
  readonly '~handler'?: { readonly input: infer Input; readonly output: infer Output; readonly errors: infer Errors };
}
  ? Kind extends 'stream'
    ? AnyOf<Context, Input, Errors, AsyncIterable<Output>>
    : AnyOf<Context, Input, Errors, MaybePromise<Output>>
  : never;

/** A handler as it is, or one that stands behind middlewares. */
type AnyOf<Context, Input, Errors, Result> =
  | ((args: HandlerArguments<Context, Input, Errors>) => Result)
  | ContractHandler<Input, Errors, Result>;

type ChannelImplementation<Context, Member> = Member extends {
  readonly '~types'?: { readonly parsedParams: infer Params; readonly event: infer Event };
}
  ? ChannelRulesOptions<Context, Params, Event>
  : never;
