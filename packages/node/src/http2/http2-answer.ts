import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import {
  type Acceptance,
  acceptanceHeaders,
  type RefusalStatus,
  refusalBody,
  supportedVersions,
  type UpgradeRequest,
} from '@typewire/frame';
import type { StartTimer } from '../deadline.ts';
import type { HandshakeAnswer } from '../handshake-answer.ts';

/** How long a refused peer may take to end its half of the stream, in milliseconds. */
const lingerMs = 2_000;

/** With a 200, after which the stream carries frames; or a status and the end of the stream. RFC 8441 §5. */
export class Http2Answer implements HandshakeAnswer {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  accepting(request: UpgradeRequest, acceptance: Acceptance): () => void {
    const headers = collect(acceptanceHeaders(request, acceptance));
    return () => this.#stream.respond({ ':status': 200, ...headers });
  }

  refuse(status: RefusalStatus, text: string, startTimer: StartTimer): void {
    const stream = this.#stream;
    const body = refusalBody(status, text);
    if (stream.destroyed || stream.headersSent) return;
    // RFC 9113 §8.2.2: neither `Upgrade` nor `Connection` has a meaning here, so a 426 names the versions alone.
    const versions = status === 426 ? { 'sec-websocket-version': supportedVersions } : {};
    stream.respond({ ':status': status, 'content-type': 'text/plain; charset=utf-8', ...versions });
    stream.end(body);
    stream.resume();
    // RFC 9113 §8.1: who has answered completely may ask the peer to stop.
    const cancelTimer = startTimer(lingerMs, () => stream.close(constants.NGHTTP2_NO_ERROR));
    stream.once('close', cancelTimer);
  }
}

/** Names are in lower case there, and one that repeats has a list of values. */
function collect(pairs: readonly (readonly [name: string, value: string])[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
