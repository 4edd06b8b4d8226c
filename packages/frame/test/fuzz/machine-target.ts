import type { ClosedEvent, Role } from '../../src/connection-options.ts';
import type { MessageDeflate } from '../../src/deflate/message-deflate.ts';
import { isFrameError } from '../../src/errors.ts';
import { platformText, type TextOps } from '../../src/text-ops.ts';
import { EchoEndpoint } from '../conformance/echo-endpoint.ts';
import { readable } from '../conformance/expectation.ts';
import { encodePeerFrame } from '../conformance/peer-frames.ts';
import { rules } from '../conformance/rules.ts';
import { ManualCodec } from '../deflate/manual-codec.ts';
import { deflated, messageDeflate } from '../deflate/zlib-codec.ts';
import { readCorpus } from './corpus.ts';
import type { SeededRandom } from './mutate.ts';
import { type FuzzTarget, playInPieces } from './target.ts';

/** Small enough for limits to be met now and then. */
const limits = { maxMessageBytes: 40_000, maxFragments: 12, maxControlFrames: 8 };

interface Transcript {
  readonly sent: string[];
  readonly state: string;
  readonly outcome: ClosedEvent;
}

/** Throws for text that should not have got so far, and that becomes an `INTERNAL` error. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const strictText: TextOps = {
  ...platformText,
  decode: (bytes, start, end) => strictDecoder.decode(bytes.subarray(start, end)),
};

/** What a machine is given to inflate with, and what ends the inflating that is under way beside it. */
interface Compression {
  readonly deflate: MessageDeflate | null;
  readonly settle: () => void;
  readonly settleAll: () => void;
}

const noCompression: Compression = { deflate: null, settle: () => {}, settleAll: () => {} };

function play(role: Role, chunks: readonly Uint8Array[], compression: Compression): Transcript {
  const { deflate, settle, settleAll } = compression;
  let largestBytes = 0;
  let receivedBytes = 0;
  const allocate = (bytes: number) => {
    largestBytes = Math.max(largestBytes, bytes);
    return new Uint8Array(bytes);
  };
  const endpoint = new EchoEndpoint(role, limits, { allocate, text: strictText }, deflate);
  const { machine } = endpoint;
  for (const chunk of chunks) {
    receivedBytes += chunk.length;
    machine.receive(Uint8Array.from(chunk));
    settle();
    if (machine.state === 'closed') throw new Error('closed while the transport was there');
  }
  settleAll();
  // What is announced costs nothing until it has arrived.
  if (largestBytes > 32 * receivedBytes + 256) throw new Error(`${largestBytes} bytes for ${receivedBytes} received`);
  const { state } = machine;
  machine.eof();
  machine.eof();
  machine.tick();
  if (endpoint.outcomes.length !== 1) throw new Error(`closed was told ${endpoint.outcomes.length} times`);
  if (machine.state !== 'closed') throw new Error('open without a transport');
  if (machine.deadlineMs !== Number.POSITIVE_INFINITY) throw new Error('a deadline without a connection');
  if (machine.sendText('late')) throw new Error('a message was taken after the end');
  return { sent: readable(endpoint.sent), state, outcome: endpoint.outcomes[0] as ClosedEvent };
}

function check({ sent, state, outcome }: Transcript): string {
  const { code, clean, error } = outcome;
  const closes = sent.flatMap((frame, index) => (frame.startsWith('opcode 8,') ? [index] : []));
  if (closes.length > 1 || (closes[0] ?? sent.length - 1) !== sent.length - 1) {
    throw new Error(`something follows the Close frame: ${sent.join('; ')}`);
  }
  if ((state === 'open') !== (closes.length === 0)) throw new Error(`${state} after ${closes.length} Close frames`);
  if (error !== undefined && (!isFrameError(error) || error.code === 'INTERNAL')) throw error;
  if (error !== undefined && (clean || code !== error.closeCode)) throw new Error('the outcome contradicts its error');
  if (state === 'open' && (code !== 1006 || clean)) throw new Error('an end without a Close frame that is not 1006');
  const kinds = ['1', '2', '10'].map((opcode) => sent.filter((frame) => frame.startsWith(`opcode ${opcode},`)).length);
  return `${state} ${error === undefined ? (clean ? 'clean' : code) : error.code} ${kinds.map((count) => Math.min(count, 3)).join(' ')}`;
}

/** Frames as bytes. The first mask bit says who reads them, so that most are not refused for the wrong direction. */
function roleFor(input: Uint8Array, random: SeededRandom): Role {
  const masked = ((input[1] ?? 0) & 0x80) !== 0;
  return masked === random() < 0.95 ? 'server' : 'client';
}

const inputsOfRules = rules.flatMap((rule) => {
  const roles: readonly Role[] = rule.roles ?? ['server', 'client'];
  return roles.flatMap((role) => {
    if (rule.id.startsWith('limits.') && rule.limits === undefined) return [];
    const bytes = Buffer.concat(rule.input.map((frame) => encodePeerFrame(frame, role)));
    return bytes.length <= 300 ? [Uint8Array.from(bytes)] : [];
  });
});

export const machineTarget: FuzzTarget = {
  name: 'frames',
  corpus: [...readCorpus('frames'), ...inputsOfRules],
  dictionary: [
    // Headers of both directions, and what is special about payloads.
    ...['8100', '8180', '0100', '0180', '8000', '8080', '0000', '8200', '8900', '8980', '8a80', '8800', '8882'].map(
      hex,
    ),
    ...['7e007e', '7effff', '7f0000000000010000', '7f001fffffffffffff', '7f8000000000000000', 'fe007e', 'fe0080'].map(
      hex,
    ),
    ...['03e8', '03ee', '0fa0', 'c3a9', 'e282ac', 'f09f9880', 'eda080', 'f4908080', 'c0af', 'ff', '00000000'].map(hex),
  ],
  play: (input, random) => playRole(input, random, () => noCompression),
};

/** Compressed messages, with and without context takeover. What is echoed is not compressed, and so is compared itself. */
export const deflateTarget: FuzzTarget = {
  name: 'compressed',
  corpus: [...readCorpus('compressed'), ...compressedInputs()],
  dictionary: [
    ...machineTarget.dictionary,
    ...[
      'c100',
      'c180',
      '4100',
      '4180',
      'c200',
      'c280',
      '00',
      '01',
      '03',
      '0000ffff',
      '010000ffff',
      '0300',
      '04',
      '05',
    ].map(hex),
    ...['', 'a', 'Hello', 'é'.repeat(40), 'a'.repeat(30_000), 'a'.repeat(50_000)].map((text) => deflated(text)),
  ],
  play(input, random) {
    const noTakeover = random() < 0.5;
    const agreed = { serverNoContextTakeover: noTakeover, clientNoContextTakeover: noTakeover };
    return playRole(input, random, (role) => {
      const codec = new ManualCodec();
      // At once, or beside the thread and done whenever: nothing may depend on it.
      const asyncThresholdBytes = random() < 0.5 ? Number.POSITIVE_INFINITY : 100;
      const setup = { inflater: codec.inflater, thresholdBytes: Number.POSITIVE_INFINITY, asyncThresholdBytes };
      const settle = (): void => {
        while (codec.size > 0 && random() < 0.7) codec.finish();
      };
      return { deflate: messageDeflate(role, agreed, setup), settle, settleAll: () => codec.finishAll() };
    });
  },
};

function playRole(input: Uint8Array, random: SeededRandom, compression: (role: Role) => Compression): string {
  const role = roleFor(input, random);
  const transcript = playInPieces(
    input,
    random,
    (chunks) => play(role, chunks, compression(role)),
    ({ sent, state, outcome }) =>
      `${sent.join('; ')}; ${state}; ${outcome.code} ${outcome.reason} ${outcome.error?.message}`,
  );
  return `${role} ${check(transcript)}`;
}

/** Messages in one frame, in two, with each kind of block, two of them in a row, and one that inflates to more than is allowed. */
function compressedInputs(): Uint8Array[] {
  const payloads = [
    ...['', 'a', 'Hello', 'Grüße, 世界 👋', 'lorem ipsum '.repeat(60), 'a'.repeat(40_000), 'a'.repeat(60_000)].map(
      (text) => deflated(text),
    ),
    ...['f248cdc9c90700', '000500faff48656c6c6f00', 'f348cdc9c9070000', 'f24805000000ffffcac9c90700', '00', '0300'].map(
      hex,
    ),
  ];
  return (['server', 'client'] as const).flatMap((role) =>
    payloads.flatMap((payload) => {
      const half = Math.ceil(payload.length / 2);
      const whole = encodePeerFrame({ opcode: 1, rsv: 4, payload }, role);
      const begin = encodePeerFrame({ opcode: 2, rsv: 4, payload: payload.subarray(0, half), fin: false }, role);
      const end = encodePeerFrame({ opcode: 0, payload: payload.subarray(half) }, role);
      return [whole, Buffer.concat([whole, whole]), Buffer.concat([begin, end])].map((bytes) => Uint8Array.from(bytes));
    }),
  );
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}
