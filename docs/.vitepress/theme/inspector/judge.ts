import {
  ConnectionMachine,
  connectionLimits,
  describeCloseCode,
  isFrameError,
  portableEnvironment,
  type Role,
} from '@typewire/frame';
import { toHex } from './hex.ts';

/** What a receiver makes of bytes, in order. */
export type Verdict =
  | { readonly type: 'message'; readonly title: string; readonly text: string }
  | {
      readonly type: 'error';
      /** Of the `FrameError`. */
      readonly code: string;
      readonly text: string;
      /** What the connection is closed with. */
      readonly close: string;
      /** Index of the byte with which the rule was broken. */
      readonly at: number;
    };

/**
 * Feeds `bytes` to the machine that the engine runs, byte by byte as the worst network would, and tells what it delivers, or
 * which rule was broken and where.
 */
export function judge(bytes: Uint8Array, receiver: Role): Verdict[] {
  const verdicts: Verdict[] = [];
  const deliver = (title: string, text: string) => verdicts.push({ type: 'message', title, text });
  let at = 0;
  let closed = false;
  const machine = new ConnectionMachine(
    receiver,
    { ...connectionLimits, maxControlFrames: Number.POSITIVE_INFINITY },
    portableEnvironment(() => 0),
    { text: () => {}, bytes: () => {}, blocked: false },
    {
      text: (text) => deliver('Text message', text),
      binary: (data) => deliver('Binary message', toHex(data)),
      ping: (payload) => deliver('Ping, answered with a pong', toHex(payload)),
      pong: (payload) => deliver('Pong', toHex(payload)),
      endTransport: () => machine.eof(),
      destroyTransport: () => machine.eof(),
      closed: ({ code, reason, error }) => {
        closed = true;
        if (!isFrameError(error)) deliver(`Close ${describeCloseCode(code)}`, reason);
        else {
          const close = describeCloseCode(error.closeCode);
          verdicts.push({ type: 'error', code: error.code, text: error.message, close, at });
        }
      },
    },
  );
  for (; at < bytes.length && !closed; at++) {
    machine.receive(bytes.slice(at, at + 1));
    // A client waits for the server to end TCP; nothing more is to come here.
    if (machine.state === 'closing') machine.eof();
  }
  return verdicts;
}
