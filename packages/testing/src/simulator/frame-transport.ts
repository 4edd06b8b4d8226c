import type { SharedMessage, Transport, TransportListener } from '@typewire/core';
import {
  type ClosedEvent,
  ConnectionMachine,
  type ConnectionSink,
  connectionLimits,
  createClose,
  FrameError,
  portableEnvironment,
  type Role,
} from '@typewire/frame';
import { FrameWriter } from './frame-writer.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { SocketEnd, SocketReader } from './virtual-socket.ts';

/** A peer for which more than this waits is dropped, as the Node engine does at a limit of its own. */
export const MAX_BUFFERED_BYTES = 65_536;

const limits = { ...connectionLimits, closeTimeoutMs: 2_000, messageTimeoutMs: 20_000 };

const noBytes: Uint8Array = new Uint8Array(0);

export interface FrameTransportEvents {
  /** The handshake is done; on a client. */
  opened(): void;
  /** The product threw where it must not. */
  error(error: unknown): void;
}

/** The real frame codec and connection rules on one end of a virtual socket: what a driver is on a real one. */
export class FrameTransport implements Transport, SocketReader {
  readonly #end: SocketEnd;
  readonly #clock: VirtualClock;
  readonly #machine: ConnectionMachine;
  readonly #events: FrameTransportEvents;
  #listener: TransportListener | null = null;
  #outcome: ClosedEvent | null = null;
  #isTold = false;
  #timer: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(role: Role, clock: VirtualClock, end: SocketEnd, random: () => number, events: FrameTransportEvents) {
    this.#end = end;
    this.#clock = clock;
    this.#events = events;
    const writer = new FrameWriter(role, end, random);
    this.#machine = new ConnectionMachine(role, limits, portableEnvironment(clock.now), writer, this.#sink());
    end.reader = this;
  }

  get bufferedBytes(): number {
    return this.#end.bufferedBytes;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.bufferedBytes > MAX_BUFFERED_BYTES && this.#machine.state === 'open') {
      this.#machine.fail(new FrameError('TOO_SLOW', `more than ${MAX_BUFFERED_BYTES} bytes wait for the peer`));
      return this.#arm();
    }
    if (typeof data === 'string') this.#machine.sendText(data);
    else this.#machine.sendBinary(data);
  }

  sendShared(message: SharedMessage): void {
    this.send(message.data);
  }

  ping(): void {
    this.#machine.ping(noBytes);
  }

  close(code: number, reason: string): void {
    this.#machine.close(createClose(code, reason));
    this.#arm();
  }

  terminate(): void {
    this.#machine.terminate();
    this.#arm();
  }

  pause(): void {
    this.#machine.setReading(false);
    this.#end.incoming.setPaused(true);
  }

  resume(): void {
    this.#machine.setReading(true);
    this.#end.incoming.setPaused(false);
    this.#arm();
  }

  opened(): void {
    this.#guard(() => this.#events.opened());
  }

  bytes(chunk: Uint8Array): void {
    this.#machine.receive(chunk);
    this.#arm();
  }

  ended(): void {
    this.#machine.eof();
    // Behind a closing handshake this end may still have something to say; otherwise nobody is there to hear it.
    if (this.#outcome?.clean === true) this.#end.end();
    else this.#end.destroy();
  }

  gone(error: Error | null): void {
    this.#machine.eof(error ?? undefined);
    this.#tell();
  }

  #sink(): ConnectionSink {
    return {
      text: (text) => this.#guard(() => this.#listener?.message(text)),
      binary: (data) => this.#guard(() => this.#listener?.message(data)),
      ping: () => this.#guard(() => this.#listener?.heard('ping')),
      pong: () => this.#guard(() => this.#listener?.heard('pong')),
      endTransport: () => {
        this.#end.incoming.setPaused(false);
        this.#end.end();
      },
      destroyTransport: () => this.#end.destroy(),
      closed: (event) => {
        this.#outcome = event;
        // Otherwise told when the socket is really gone.
        if (this.#end.isClosed) this.#tell();
      },
    };
  }

  #tell(): void {
    if (this.#isTold || this.#outcome === null) return;
    this.#isTold = true;
    this.#disarm();
    const { code, reason, clean, error } = this.#outcome;
    this.#guard(() =>
      this.#listener?.closed(clean || error === undefined ? { code, reason } : { code, reason, error }),
    );
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#events.error(error);
    }
  }

  #arm(): void {
    const at = this.#machine.deadlineMs;
    if (at === this.#timer?.at) return;
    this.#disarm();
    if (at === Number.POSITIVE_INFINITY || this.#isTold) return;
    const cancel = this.#end.process.setTimer(at - this.#clock.now(), () => {
      this.#timer = null;
      this.#machine.tick();
      this.#arm();
    });
    this.#timer = { at, cancel };
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
