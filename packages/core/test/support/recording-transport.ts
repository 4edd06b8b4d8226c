import type { SharedMessage, Transport } from '../../src/transport.ts';

/** A transport that only writes down what it is told, in order: `send`, `ping`, `close 4502 reason`, `terminate`. */
export class RecordingTransport implements Transport {
  readonly bufferedBytes = 0;
  readonly log: string[] = [];
  /** Absent on a platform that hides control frames. */
  readonly ping?: () => void;

  constructor(options: { control: boolean }) {
    if (options.control) this.ping = () => void this.log.push('ping');
  }

  send(data: string | Uint8Array): void {
    this.log.push(`send ${typeof data === 'string' ? data : `bytes ${data}`}`);
  }

  sendShared(message: SharedMessage): void {
    this.log.push(`shared ${message.data}`);
  }

  close(code: number, reason: string): void {
    this.log.push(`close ${code} ${reason}`);
  }

  terminate(): void {
    this.log.push('terminate');
  }
}
