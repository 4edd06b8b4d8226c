import type { HandshakeErrorCode } from '@typewire/frame';

/** Headers to replace; `null` leaves one out. */
export type HeaderChanges = Readonly<Record<string, string | null>>;

interface HandshakeRule {
  /** Group and name, unique. */
  readonly id: string;
  /** Section of RFC 6455, or of the one named in front. */
  readonly section: string;
  /** A sentence. */
  readonly title: string;
  /** Changes to a message that is right. */
  readonly headers?: HeaderChanges;
  /** Lines between the headers and the empty line, with whatever is wrong with them. */
  readonly extraLines?: readonly string[];
  readonly startLine?: string;
}

/** What a client sends, and what a server has to make of it. */
export interface RequestRule extends HandshakeRule {
  /** The subprotocol that is agreed on by a server that speaks `chat` and `superchat`, `null` for none; or the refusal. */
  readonly expected:
    | { readonly protocol: string | null }
    | { readonly status: number; readonly code: HandshakeErrorCode };
  /**
   * What comes of it where `node:http` reads the head, and is more lenient than our own reader or refuses it in its own
   * way: a status, or `request` where it takes it for an ordinary one. @default the same
   */
  readonly overHttp?: number | 'request';
}

/** What a server answers, and what a client that offered `chat` and `superchat` has to make of it. */
export interface ResponseRule extends HandshakeRule {
  /** In front of the answer. */
  readonly before?: string;
  readonly expected: { readonly protocol: string | null } | { readonly code: HandshakeErrorCode };
}
