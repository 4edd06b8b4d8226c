import {
  type DeflateParameters,
  type HandshakeResult,
  type HeadLimits,
  ResponseHeadParser,
  readUpgradeResponse,
  type UpgradeOffer,
} from '@typewire/frame';
import { sha1 } from './sha1.ts';

/** The 101 that was waited for. */
export interface Answer {
  /** The subprotocol that was agreed on, if any. */
  readonly protocol: string | null;
  /** How messages are compressed, if that was agreed on. */
  readonly deflate: DeflateParameters | null;
  /** `Sec-WebSocket-Extensions` of the answer; empty without. */
  readonly extensions: string;
  /** Bytes behind the answer: the first frames. */
  readonly rest: Uint8Array;
}

/** Interim answers that are passed over; no server sends many. */
const maxInterimAnswers = 8;

/** Reads the answer to `offer`, whatever comes before it. */
export class ResponseReader {
  readonly #offer: UpgradeOffer;
  readonly #limits: HeadLimits;
  #parser: ResponseHeadParser;
  #interimAnswers = 0;

  /** @throws {UsageError} `BAD_OPTION` for unusable limits. */
  constructor(offer: UpgradeOffer, limits: HeadLimits) {
    this.#offer = offer;
    this.#limits = limits;
    this.#parser = new ResponseHeadParser(limits);
  }

  /** Takes the next bytes; `null` while the answer is incomplete. */
  push(chunk: Uint8Array): HandshakeResult<Answer> | null {
    let rest = chunk;
    for (;;) {
      const outcome = this.#parser.push(rest);
      if (outcome === null) return null;
      if (outcome.type === 'refused') return { ok: false, error: outcome.error };
      rest = outcome.rest;
      const { head } = outcome;
      // RFC 9110 §15.2: any number of 1xx may come first, such as 103; 101 is the one that is final here.
      if (head.status >= 200 || head.status === 101 || this.#interimAnswers >= maxInterimAnswers) {
        const read = readUpgradeResponse(head, this.#offer, sha1);
        if (!read.ok) return read;
        const { protocol, deflate, headers } = read.value;
        return {
          ok: true,
          value: { protocol, deflate, extensions: (headers.get('sec-websocket-extensions') ?? []).join(', '), rest },
        };
      }
      this.#interimAnswers++;
      this.#parser = new ResponseHeadParser(this.#limits);
    }
  }
}
