import { ConnectionMachine } from '../../src/connection.ts';
import {
  type ClosedEvent,
  type ConnectionEnvironment,
  type ConnectionLimits,
  type ConnectionSink,
  connectionLimits,
  portableEnvironment,
  type Role,
} from '../../src/connection-options.ts';
import type { MessageDeflate } from '../../src/deflate/message-deflate.ts';
import { platformText } from '../../src/text-ops.ts';

/** Wide enough for every rule that is not about a limit. */
export const echoLimits: ConnectionLimits = {
  ...connectionLimits,
  maxMessageBytes: 33_554_432,
  maxFragments: 1_048_576,
};

/** A connection that sends each message back, without a socket. */
export class EchoEndpoint implements ConnectionSink {
  readonly machine: ConnectionMachine;
  /** What it sent. */
  readonly sent: { readonly opcode: number; readonly payload: Uint8Array }[] = [];
  /** How it ended, as often as that was told. */
  readonly outcomes: ClosedEvent[] = [];

  constructor(
    role: Role,
    limits: Partial<ConnectionLimits> = {},
    environment: Partial<ConnectionEnvironment> = {},
    deflate: MessageDeflate | null = null,
  ) {
    const { sent } = this;
    this.machine = new ConnectionMachine(
      role,
      { ...echoLimits, ...limits },
      { ...portableEnvironment(() => 0), ...environment },
      {
        text: (text) => {
          const payload = new Uint8Array(text.length * 3);
          sent.push({ opcode: 1, payload: payload.subarray(0, platformText.write(text, payload, 0)) });
        },
        bytes: (opcode, payload) => void sent.push({ opcode, payload: payload.slice() }),
        blocked: false,
      },
      this,
      deflate,
    );
  }

  text(data: string): void {
    this.machine.sendText(data);
  }

  binary(data: Uint8Array): void {
    this.machine.sendBinary(data);
  }

  ping(): void {}

  pong(): void {}

  endTransport(): void {}

  destroyTransport(): void {}

  closed(event: ClosedEvent): void {
    this.outcomes.push(event);
  }
}
