import { Draft76Connection, draft76Limits } from '../../src/draft76/connection.ts';
import { isFrameError } from '../../src/errors.ts';
import { platformText } from '../../src/text-ops.ts';
import { readCorpus } from './corpus.ts';
import { type FuzzTarget, playInPieces } from './target.ts';

/** Small enough to be met now and then. */
const maxMessageBytes = 20_000;

/** What a connection makes of its input, or should. */
interface Transcript {
  readonly texts: readonly string[];
  readonly end: 'open' | 'closed by the peer' | 'too big';
  readonly midFrame: boolean;
}

/** All of §5.3, read from the whole input at once. */
function expected(input: Uint8Array, maxBytes = maxMessageBytes): Transcript {
  const texts: string[] = [];
  let at = 0;
  while (at < input.length) {
    const type = input[at++] as number;
    if (type < 0x80) {
      const found = input.indexOf(0xff, at);
      const end = found === -1 ? input.length : found;
      if (end - at > maxBytes) return { texts, end: 'too big', midFrame: false };
      if (found === -1) return { texts, end: 'open', midFrame: true };
      if (type === 0x00) texts.push(Buffer.from(input.subarray(at, end)).toString('utf8'));
      at = end + 1;
      continue;
    }
    let length = 0n;
    for (let digits = 1; ; digits++) {
      const digit = input[at++];
      if (digit === undefined) return { texts, end: 'open', midFrame: true };
      length = length * 128n + BigInt(digit & 0x7f);
      if (length > maxBytes || digits > 8) return { texts, end: 'too big', midFrame: false };
      if (digit < 0x80) break;
    }
    if (type === 0xff && length === 0n) return { texts, end: 'closed by the peer', midFrame: false };
    at += Number(length);
    if (at > input.length) return { texts, end: 'open', midFrame: true };
  }
  return { texts, end: 'open', midFrame: false };
}

/** What a connection does that sends each text back. */
function play(chunks: readonly Uint8Array[]): Transcript {
  const texts: string[] = [];
  const written: Uint8Array[] = [];
  const outcomes: { clean: boolean; error?: Error }[] = [];
  let ends = 0;
  let destructions = 0;
  let largestBytes = 0;
  let receivedBytes = 0;
  const connection = new Draft76Connection(
    { ...draft76Limits, maxMessageBytes },
    {
      now: () => 0,
      text: platformText,
      allocate: (bytes) => {
        largestBytes = Math.max(largestBytes, bytes);
        return new Uint8Array(bytes);
      },
    },
    {
      write: (bytes) => written.push(Uint8Array.from(bytes)),
      text: (data) => {
        texts.push(data);
        if (!connection.sendText(data)) throw new Error('a text that could not be answered');
      },
      endTransport: () => ends++,
      destroyTransport: () => destructions++,
      closed: (event) => outcomes.push(event),
    },
  );
  for (const chunk of chunks) {
    receivedBytes += chunk.length;
    connection.receive(Uint8Array.from(chunk));
  }
  if (largestBytes > 32 * receivedBytes + 256) throw new Error(`${largestBytes} bytes for ${receivedBytes} received`);
  const { state } = connection;
  const midFrame = state === 'open' && connection.deadlineMs !== Number.POSITIVE_INFINITY;
  connection.eof();
  connection.eof();
  connection.tick();
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length > 1) throw new Error(`closed was told ${outcomes.length} times`);
  if (connection.sendText('late')) throw new Error('a message was taken after the end');
  const { clean, error } = outcome;
  if (error !== undefined && (!isFrameError(error) || error.code !== 'PAYLOAD_TOO_BIG')) throw error;
  if (destructions !== (error === undefined ? 0 : 1)) throw new Error(`destroyed ${destructions} times`);
  if (ends !== (clean ? 1 : 0)) throw new Error(`ended ${ends} times`);
  const end = error !== undefined ? 'too big' : clean ? 'closed by the peer' : 'open';
  if ((end === 'open') !== (state === 'open')) throw new Error(`${state} and ${end}`);
  // What was sent back is what another end reads, and behind a goodbye there is nothing. Each byte that is no UTF-8 has
  // become three.
  const back = expected(Buffer.concat(written), 3 * maxMessageBytes);
  if (back.texts.join('\0') !== texts.join('\0')) throw new Error('the answers are not the texts');
  if (back.end !== (clean ? 'closed by the peer' : 'open') || back.midFrame) throw new Error('the answers have no end');
  return { texts, end, midFrame };
}

const readable = (transcript: Transcript): string => JSON.stringify(transcript);

export const draft76FrameTarget: FuzzTarget = {
  name: 'draft76-frames',
  corpus: [
    ...readCorpus('draft76-frames'),
    ...['', '0048656c6c6fff', 'ff00', '0061ff00', '8003616263', '80c080 00', '8100ff00', 'ff01aa', '7f61ff0062ff'].map(
      hex,
    ),
  ],
  dictionary: [
    ...['00', 'ff', 'ff00', '00ff', '80', '8000', '8080', '81', '7f', 'c3a9', 'e282ac', 'f09f9880', 'eda080'].map(hex),
    ...['80819c20', '80819c21', '8080808080808001', '808080808080808001', '8090808080808000', '80ffffffffffffff7f'].map(
      hex,
    ),
    Uint8Array.from(Buffer.alloc(maxMessageBytes, 'a')),
    Uint8Array.from(Buffer.alloc(maxMessageBytes - 1, 'é')),
  ],
  play(input, random) {
    const got = playInPieces(input, random, play, readable);
    const want = expected(input);
    if (readable(got) !== readable(want)) throw new Error(`${readable(got).slice(0, 200)}, not ${readable(want)}`);
    const kind = got.texts.some((text) => text.includes('\ufffd')) ? ' replaced' : '';
    return `${got.end}${got.midFrame ? ' in a frame' : ''} ${Math.min(got.texts.length, 5)}${kind}`;
  },
};

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}
