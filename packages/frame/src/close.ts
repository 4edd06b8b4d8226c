import { CloseCode } from './close-code.ts';
import { type Close, reportedCode } from './close-frame.ts';

/** How a connection ended: what is reported, once. */
export interface CloseOutcome {
  /** The peer's code; 1005 if it gave none, 1006 if no Close frame came; ours if we failed the connection. */
  readonly code: number;
  readonly reason: string;
  /** Whether both Close frames were exchanged and none was the answer to a failure. */
  readonly clean: boolean;
}

export type CloseState =
  | { readonly phase: 'open' }
  | { readonly phase: 'awaiting-peer' }
  | { readonly phase: 'awaiting-eof'; readonly outcome: CloseOutcome }
  | { readonly phase: 'closed' };

export type CloseInput =
  /** Our side asks for the end. */
  | { readonly type: 'local'; readonly close: Close }
  /** The peer's Close frame. */
  | { readonly type: 'peer'; readonly close: Close }
  /** The peer broke a rule or a limit: tell it, then end. §7.1.7 */
  | { readonly type: 'failure'; readonly close: { readonly code: number; readonly reason: string } }
  /** The transport ended. */
  | { readonly type: 'eof' }
  /** The peer took too long, or is not to be waited for. */
  | { readonly type: 'timeout' };

export type CloseEffect =
  | { readonly type: 'send-close'; readonly close: Close }
  /** Nothing more will be sent. §7.1.1: a server ends TCP at once, a client lets the server do it first. */
  | { readonly type: 'finish-transport' }
  /** Nothing more will be sent, and the side does not matter: end TCP after what was sent. */
  | { readonly type: 'end-transport' }
  | { readonly type: 'destroy-transport' }
  | { readonly type: 'closed'; readonly outcome: CloseOutcome };

const abnormal: CloseOutcome = { code: CloseCode.Abnormal, reason: '', clean: false };

/** Advances the closing handshake by one input. Pure: the caller performs the effects in order. RFC 6455 §7.1. */
export function stepClose(state: CloseState, input: CloseInput): [CloseState, readonly CloseEffect[]] {
  if (state.phase === 'closed') return [state, []];
  const outcome = state.phase === 'awaiting-eof' ? state.outcome : abnormal;
  switch (input.type) {
    case 'eof':
      return [{ phase: 'closed' }, [{ type: 'closed', outcome }]];
    case 'timeout':
      return [{ phase: 'closed' }, [{ type: 'destroy-transport' }, { type: 'closed', outcome }]];
    case 'local':
      if (state.phase !== 'open') return [state, []];
      return [{ phase: 'awaiting-peer' }, [{ type: 'send-close', close: input.close }]];
    case 'peer':
      return stepPeerClose(state, input.close);
    case 'failure':
      return stepFailure(state, { ...input.close, clean: false });
  }
}

function stepPeerClose(state: CloseState, close: Close): [CloseState, readonly CloseEffect[]] {
  // A second Close is noise, not an error: input after the first one is not even looked at.
  if (state.phase === 'awaiting-eof') return [state, []];
  const next: CloseState = {
    phase: 'awaiting-eof',
    outcome: { code: reportedCode(close), reason: close.reason, clean: true },
  };
  if (state.phase === 'awaiting-peer') return [next, [{ type: 'finish-transport' }]];
  // §5.5.1: answer with the peer's own close, an empty one with an empty one, and only then end.
  return [next, [{ type: 'send-close', close }, { type: 'finish-transport' }]];
}

function stepFailure(state: CloseState, outcome: CloseOutcome): [CloseState, readonly CloseEffect[]] {
  if (state.phase === 'awaiting-eof') return [state, []];
  const next: CloseState = { phase: 'awaiting-eof', outcome };
  // §5.5.1: nothing may follow a Close frame, so after our own the failure is not told.
  if (state.phase === 'awaiting-peer') return [next, [{ type: 'end-transport' }]];
  return [
    next,
    [{ type: 'send-close', close: { code: outcome.code, reason: outcome.reason } }, { type: 'end-transport' }],
  ];
}
