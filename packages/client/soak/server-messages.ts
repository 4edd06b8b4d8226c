export type ServerRequest =
  | { readonly type: 'drain' }
  | { readonly type: 'quiet' }
  /** Collects garbage first. */
  | { readonly type: 'state' };

export type ServerReply =
  | { readonly type: 'ready'; readonly port: number }
  /** No event is published any more; `seq` is the last one's number. */
  | { readonly type: 'quiet'; readonly seq: number }
  | { readonly type: 'state'; readonly state: ServerState }
  /** An exception that no handler meant. */
  | { readonly type: 'error'; readonly text: string };

export interface ServerState {
  readonly running: number;
  readonly sessions: number;
  readonly connections: number;
  readonly heapBytes: number;
}
