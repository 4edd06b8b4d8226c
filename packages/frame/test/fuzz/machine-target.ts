import type { ClosedEvent, Role } from '../../src/connection-options.ts';
import { isFrameError } from '../../src/errors.ts';
import { platformText, type TextOps } from '../../src/text-ops.ts';
import { EchoEndpoint } from '../conformance/echo-endpoint.ts';
import { readable } from '../conformance/expectation.ts';
import { encodePeerFrame } from '../conformance/peer-frames.ts';
import { rules } from '../conformance/rules.ts';
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

function play(role: Role, chunks: readonly Uint8Array[]): Transcript {
  let largestBytes = 0;
  let receivedBytes = 0;
  const endpoint = new EchoEndpoint(role, limits, {
    allocate: (bytes) => {
      largestBytes = Math.max(largestBytes, bytes);
      return new Uint8Array(bytes);
    },
    text: strictText,
  });
  const { machine } = endpoint;
  for (const chunk of chunks) {
    receivedBytes += chunk.length;
    machine.receive(Uint8Array.from(chunk));
    if (machine.state === 'closed') throw new Error('closed while the transport was there');
  }
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
  play(input, random) {
    const role = roleFor(input, random);
    const transcript = playInPieces(
      input,
      random,
      (chunks) => play(role, chunks),
      ({ sent, state, outcome }) =>
        `${sent.join('; ')}; ${state}; ${outcome.code} ${outcome.reason} ${outcome.error?.message}`,
    );
    return `${role} ${check(transcript)}`;
  },
};

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}
