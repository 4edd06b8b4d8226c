import type { ChannelExtras, Router } from '@typewire/core';
import type { ProcedureKind, UploadKind } from '@typewire/core/internal';
import type { NoCallees } from '../caller.ts';
import type { PresenceRules } from '../presence/presence-options.ts';
import type { ContractHandler } from './contract-handler.ts';
import type { HandlerArguments, MaybePromise } from './handler.ts';
import type { ChannelRulesOptions } from './server-channel.ts';
import type { SnapshotHandler } from './snapshot.ts';
import type { Tracked } from './tracked.ts';

/** What a contract's tree needs to be served: the same names, with a handler or rules at each leaf. */
export type Implementation<Context, Tree, Callees = NoCallees> =
  Tree extends Router<infer Inner, infer _Context>
    ? Implementation<Context, Inner, Callees>
    : { readonly [Name in keyof Tree]: MemberImplementation<Context, Tree[Name], Callees> };

type MemberImplementation<Context, Member, Callees> = Member extends { readonly '~kind': ProcedureKind }
  ? ProcedureImplementation<Context, Member, Callees>
  : Member extends { readonly '~kind': 'channel' }
    ? ChannelImplementation<Context, Member>
    : Member extends Router<infer Inner, infer _Context>
      ? Implementation<Context, Inner, Callees> | Router<Inner, Context>
      : Implementation<Context, Member, Callees> | Router<Member, Context>;

type ProcedureImplementation<Context, Member, Callees> = Member extends {
  readonly '~kind': infer Kind;
  readonly '~handler'?: { readonly input: infer Input; readonly output: infer Output; readonly errors: infer Errors };
}
  ? Kind extends 'stream'
    ? StreamImplementation<Context, Input, Errors, AsyncIterable<Output | Tracked<Output>>, Callees>
    : Kind extends UploadKind
      ? UploadImplementation<
          Context,
          Input,
          Errors,
          Kind extends 'duplex' ? AsyncIterable<Output> : MaybePromise<Output>,
          ChunkOf<Member>,
          Callees
        >
      : AnyOf<Context, Input, Errors, MaybePromise<Output>, Callees>
  : never;

type ChunkOf<Member> = Member extends { readonly '~handler'?: { readonly chunk: infer Chunk } } ? Chunk : never;

/** A handler as it is, or one that stands behind middlewares. */
type AnyOf<Context, Input, Errors, Result, Callees> =
  | ((args: HandlerArguments<Context, Input, Errors, Callees>) => Result)
  | ContractHandler<Input, Errors, Result>;

type StreamImplementation<Context, Input, Errors, Result, Callees> =
  | ((args: HandlerArguments<Context, Input, Errors, Callees> & { readonly lastEventId: string | null }) => Result)
  | ContractHandler<Input, Errors, Result>;

type UploadImplementation<Context, Input, Errors, Result, Chunk, Callees> =
  | ((args: HandlerArguments<Context, Input, Errors, Callees> & { readonly incoming: AsyncIterable<Chunk> }) => Result)
  | ContractHandler<Input, Errors, Result, Chunk>;

type ChannelImplementation<Context, Member> = Member extends {
  readonly '~types'?: {
    readonly parsedParams: infer Params;
    readonly event: infer Event;
    readonly extras: infer Extras extends ChannelExtras;
  };
}
  ? ChannelRulesOptions<Context, Params, Event, Extras['errorsInput']> &
      SnapshotImplementation<Context, Params, Extras['snapshotInput'], Extras['errorsInput']> &
      PresenceImplementation<Context, Params, Extras['presence'], Extras['errorsInput']>
  : never;

type PresenceImplementation<Context, Params, Presence, Errors> = [Presence] extends [undefined]
  ? unknown
  : { readonly presence?: PresenceRules<Context, Params, Errors> };

type SnapshotImplementation<Context, Params, Snapshot, Errors> = [Snapshot] extends [never]
  ? unknown
  : { readonly snapshot: SnapshotHandler<Context, Params, Snapshot, Errors> };
