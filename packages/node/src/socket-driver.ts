import type { Duplex } from 'node:stream';
import {
  type Close,
  type ClosedEvent,
  type ConnectionEnvironment,
  ConnectionMachine,
  type ConnectionSink,
  FrameEncoder,
  FrameError,
  type MessageDeflate,
  type Role,
} from '@typewire/frame';
import { CompressedQueue, type CompressionObserver } from './compressed-queue.ts';
import type { ConnectionListeners } from './connection-listeners.ts';
import type { ConnectionSettings } from './connection-options.ts';
import type { Deadlined, DeadlineTimer } from './deadline-timer.ts';
import { InputGate, type InputReader, Pause, withUnread } from './input-gate.ts';
import { callSafely } from './listener-slot.ts';
import { createMaskKey, nodeText } from './node-environment.ts';
import type { PreparedMessage } from './prepared.ts';
import { readShared } from './shared-read.ts';
import { StallWatch } from './stall-watch.ts';
import { MAX_PENDING_BYTES, WriteQueue } from './write-queue.ts';

const encoders: Readonly<Record<Role, FrameEncoder>> = {
  server: new FrameEncoder(nodeText, null),
  client: new FrameEncoder(nodeText, createMaskKey),
};

/** Drives one {@link ConnectionMachine} on one socket: feeds it, writes for it, and keeps its deadlines. */
export class SocketDriver implements ConnectionSink, CompressionObserver, InputReader, Deadlined {
  readonly #socket: Duplex;
  readonly #settings: ConnectionSettings;
  readonly #deadlines: DeadlineTimer;
  readonly #listeners: ConnectionListeners;
  readonly #machine: ConnectionMachine;
  readonly #queue: WriteQueue;
  readonly #input: InputGate;
  /** Stands before the queue where messages are compressed. */
  readonly #compressed: CompressedQueue | null;
  /** Whether the bounds leave room for whatever one tick collects. */
  readonly #holdsTick: boolean;
  #stall: StallWatch | null = null;
  #receiving = false;
  /** Chunks that arrived while another was being read: possible when both ends are in this process. */
  #backlog: Uint8Array[] | null = null;
  /** The peer ended TCP while one of its messages was inflated. */
  #endHeld = false;
  #drainOwed = false;
  #outcome: ClosedEvent | null = null;
  #closedTold = false;

  constructor(
    socket: Duplex,
    role: Role,
    settings: ConnectionSettings,
    environment: ConnectionEnvironment,
    deadlines: DeadlineTimer,
    listeners: ConnectionListeners,
    deflate: MessageDeflate | null,
  ) {
    this.#socket = socket;
    this.#settings = settings;
    this.#deadlines = deadlines;
    this.#listeners = listeners;
    this.#holdsTick = Math.min(settings.maxBufferedBytes, settings.maxStalledBytes) >= 2 * MAX_PENDING_BYTES;
    this.#queue = new WriteQueue(socket, encoders[role], this);
    this.#input = new InputGate(socket, this);
    const compressed = deflate === null ? null : new CompressedQueue(this.#queue, deflate, this);
    this.#compressed = compressed;
    this.#machine = new ConnectionMachine(role, settings, environment, compressed ?? this.#queue, this, deflate);
  }

  /** Attaches all listeners; `head` is read before anything else, in a later turn of the event loop. */
  start(head: Uint8Array | null): void {
    const socket = this.#socket;
    socket.on('error', (error) => this.#ended(error));
    socket.on('close', () => this.#tellClosed());
    socket.on('end', () => this.#peerEnded());
    socket.on('drain', () => this.#drained());
    const shared = readShared(socket, (chunk) => this.#input.keeps(chunk) || this.read(chunk));
    const early = shared ? withUnread(socket, head) : head;
    if (early !== null) this.#input.begin(early);
    if (!shared) socket.on('data', (chunk: Uint8Array) => this.read(chunk));
    else if (!socket.isPaused()) socket.resume();
    if (socket.destroyed) setImmediate(() => this.#tellClosed());
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#machine.state;
  }

  get bufferedBytes(): number {
    return this.#queue.bufferedBytes + (this.#compressed?.waitingBytes ?? 0);
  }

  get deadlineMs(): number {
    return Math.min(this.#machine.deadlineMs, this.#stall?.deadlineMs ?? Number.POSITIVE_INFINITY);
  }

  sendText(text: string): boolean {
    return this.#mayQueue() && this.#machine.sendText(text) && this.#hasRoom();
  }

  sendBinary(data: Uint8Array): boolean {
    return this.#mayQueue() && this.#machine.sendBinary(data) && this.#hasRoom();
  }

  sendPrepared(message: PreparedMessage): boolean {
    if (!this.#mayQueue() || this.#machine.state !== 'open') return false;
    if (this.#compressed === null) this.#queue.prepared(message);
    else this.#compressed.prepared(message);
    return this.#hasRoom();
  }

  sendPing(payload: Uint8Array): boolean {
    return this.#mayQueue() && this.#machine.ping(payload) && this.#hasRoom();
  }

  close(close: Close): void {
    this.#machine.close(close);
    this.#deadlines.watch(this);
  }

  terminate(): void {
    this.#machine.terminate();
  }

  pause(): void {
    this.#machine.setReading(false);
    this.#input.pause(Pause.Asked);
  }

  resume(): void {
    this.#machine.setReading(true);
    this.#deadlines.watch(this);
    this.#input.resume(Pause.Asked);
  }

  inputHeld(held: boolean): void {
    this.#deadlines.watch(this);
    if (held) return this.#input.pause(Pause.Inflating);
    this.#input.resume(Pause.Inflating);
    if (!this.#endHeld) return;
    this.#peerEnded();
    if (this.#socket.closed) this.#tellClosed();
  }

  compressionIdle(): void {
    // Otherwise the socket will tell.
    if (!this.#socket.writableNeedDrain) this.#drained();
  }

  compressionFailed(cause: unknown): void {
    this.#machine.fail(new FrameError('INTERNAL', 'sending failed', { cause }));
    this.#deadlines.watch(this);
  }

  tick(): void {
    this.#machine.tick();
    const stalled = this.#stall?.look(this.#deadlines.now(), this.#queue.writtenBytes) ?? false;
    if (!stalled || this.#machine.state === 'closed') return;
    this.#machine.fail(new FrameError('TOO_SLOW', `the peer took nothing for ${this.#settings.stallTimeoutMs} ms`));
    // The Close frame waits behind what the peer does not take: there is no use in waiting for it.
    this.#machine.terminate();
  }

  outputWaits(): void {
    this.#stall ??= new StallWatch(this.#socket, this.#settings.stallTimeoutMs);
    this.#stall.begin(this.#deadlines.now(), this.#queue.writtenBytes);
    this.#deadlines.watch(this);
    // More left in this tick than there was room for: also who was told `true` may wait for it.
    if (this.#socket.writableNeedDrain && this.#socket.writableLength >= this.#settings.highWaterBytes) {
      this.#drainOwed = true;
    }
  }

  text(data: string): void {
    callSafely(this.#listeners.message.emit, data);
  }

  binary(data: Uint8Array): void {
    callSafely(this.#listeners.message.emit, data);
  }

  ping(payload: Uint8Array): void {
    callSafely(this.#listeners.ping.emit, payload);
  }

  pong(payload: Uint8Array): void {
    callSafely(this.#listeners.pong.emit, payload);
  }

  endTransport(): void {
    this.#endSocket();
    this.#input.discard();
  }

  destroyTransport(): void {
    this.#compressed?.clear();
    this.#socket.destroy();
  }

  closed(event: ClosedEvent): void {
    this.#outcome = event;
    this.#deadlines.forget(this);
    // Told when the socket is really gone, so that whoever counts connections counts descriptors.
    if (this.#socket.destroyed && this.#socket.closed) this.#tellClosed();
  }

  read(chunk: Uint8Array): void {
    if (this.#receiving) {
      this.#backlog ??= [];
      this.#backlog.push(new Uint8Array(chunk));
      return;
    }
    this.#receiving = true;
    this.#queue.held = true;
    this.#machine.receive(chunk);
    while (this.#backlog !== null && this.#backlog.length > 0) {
      this.#machine.receive(this.#backlog.shift() as Uint8Array);
    }
    this.#queue.held = false;
    this.#receiving = false;
    this.#queue.flush();
    this.#deadlines.watch(this);
  }

  /** Ends our side after everything that was sent. */
  #endSocket(): void {
    if (this.#compressed === null) this.#endNow();
    else this.#compressed.behind(() => this.#endNow());
  }

  #endNow(): void {
    this.#queue.flush();
    // Ending twice makes Node create an error that nobody sees, at 5 % of what a connection costs.
    if (!this.#socket.writableEnded) this.#socket.end();
  }

  #mayQueue(): boolean {
    if (this.#queue.calm && this.#holdsTick) return true;
    const bytes = this.bufferedBytes;
    const { maxBufferedBytes, maxStalledBytes } = this.#settings;
    if (bytes <= maxStalledBytes && bytes <= maxBufferedBytes) return true;
    if (bytes > maxBufferedBytes) {
      this.#tooSlow(`more than maxBufferedBytes (${maxBufferedBytes}) wait for the peer`);
      return false;
    }
    // Much may wait for a peer that is on its way through it.
    if (this.#stall?.isSluggish(this.#deadlines.now(), this.#queue.writtenBytes) !== true) return true;
    this.#tooSlow(`more than maxStalledBytes (${maxStalledBytes}) wait for a peer that takes nothing`);
    return false;
  }

  #tooSlow(message: string): void {
    if (this.#machine.state !== 'open') return;
    this.#machine.fail(new FrameError('TOO_SLOW', message));
    this.#deadlines.watch(this);
  }

  #hasRoom(): boolean {
    if (this.#queue.calm) return true;
    const socket = this.#socket;
    const waits = this.#compressed !== null && this.#compressed.waitingBytes >= this.#settings.highWaterBytes;
    // Only a socket that says so will tell when it has drained.
    if (!waits && (!socket.writableNeedDrain || socket.writableLength < this.#settings.highWaterBytes)) return true;
    this.#drainOwed = true;
    return false;
  }

  #drained(): void {
    this.#machine.outputDrained();
    if (!this.#drainOwed || this.#compressed?.busy === true) return;
    this.#drainOwed = false;
    callSafely(this.#listeners.drain.emit, undefined);
  }

  #peerEnded(): void {
    this.#endHeld = this.#input.isPaused(Pause.Inflating);
    if (this.#endHeld) return;
    this.#machine.eof();
    // After a closing handshake our own end may still have to leave; otherwise there is nobody to read it.
    if (this.#outcome?.clean === true) this.#endSocket();
    else this.destroyTransport();
  }

  #ended(error: Error): void {
    this.#machine.eof(error);
  }

  #tellClosed(): void {
    // The message that is inflated came before the end.
    if (this.#endHeld && this.#outcome === null) return;
    this.#compressed?.clear();
    this.#machine.eof();
    if (this.#closedTold || this.#outcome === null) return;
    this.#closedTold = true;
    callSafely(this.#listeners.closed.emit, this.#outcome);
  }
}
