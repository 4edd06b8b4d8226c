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
import type { ConnectionListeners } from './connection-listeners.ts';
import type { ConnectionSettings } from './connection-options.ts';
import type { Deadlined, DeadlineTimer } from './deadline-timer.ts';
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
export class SocketDriver implements ConnectionSink, Deadlined {
  readonly #socket: Duplex;
  readonly #settings: ConnectionSettings;
  readonly #deadlines: DeadlineTimer;
  readonly #listeners: ConnectionListeners;
  readonly #machine: ConnectionMachine;
  readonly #queue: WriteQueue;
  readonly #deflate: MessageDeflate | null;
  /** Whether the bounds leave room for whatever one tick collects. */
  readonly #holdsTick: boolean;
  #stall: StallWatch | null = null;
  #receiving = false;
  /** Chunks that arrived while another was being read: possible when both ends are in this process. */
  #backlog: Uint8Array[] | null = null;
  /** Frames that came with the handshake and were not read yet. */
  #head: Uint8Array | null = null;
  #paused = false;
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
    this.#deflate = deflate;
    this.#machine = new ConnectionMachine(role, settings, environment, this.#queue, this, deflate);
  }

  /** Attaches all listeners; `head` is read before anything else, in a later turn of the event loop. */
  start(head: Uint8Array | null): void {
    const socket = this.#socket;
    socket.on('error', (error) => this.#ended(error));
    socket.on('close', () => this.#tellClosed());
    socket.on('end', () => this.#peerEnded());
    socket.on('drain', () => this.#drained());
    const shared = readShared(socket, (chunk) => this.#read(chunk));
    const early = shared ? withUnread(socket, head) : head;
    if (early !== null && early.length > 0) {
      this.#head = early;
      socket.pause();
      // Not nextTick: promise reactions, in which a client's user gets the connection, must run first.
      setImmediate(() => this.#readHead());
    }
    if (!shared) socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    else if (!socket.isPaused()) socket.resume();
    if (socket.destroyed) setImmediate(() => this.#tellClosed());
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#machine.state;
  }

  get bufferedBytes(): number {
    return this.#queue.bufferedBytes;
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
    this.#queue.prepared(this.#deflate === null ? message : message.for(this.#deflate));
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
    this.#paused = true;
    this.#machine.setReading(false);
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#machine.setReading(true);
    this.#deadlines.watch(this);
    if (this.#head === null) this.#socket.resume();
    else setImmediate(() => this.#readHead());
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
    this.#queue.flush();
    this.#socket.end();
    // Whatever still arrives is discarded, but it must be read: the end of the stream stands behind it.
    this.#head = null;
    this.#socket.resume();
  }

  destroyTransport(): void {
    this.#socket.destroy();
  }

  closed(event: ClosedEvent): void {
    this.#outcome = event;
    this.#deadlines.forget(this);
    // Told when the socket is really gone, so that whoever counts connections counts descriptors.
    if (this.#socket.destroyed && this.#socket.closed) this.#tellClosed();
  }

  #read(chunk: Uint8Array): void {
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

  #readHead(): void {
    const head = this.#head;
    if (this.#paused || head === null) return;
    this.#head = null;
    this.#read(head);
    if (!this.#paused) this.#socket.resume();
  }

  #mayQueue(): boolean {
    if (this.#queue.calm && this.#holdsTick) return true;
    const bytes = this.#queue.bufferedBytes;
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
    // Only a socket that says so will tell when it has drained.
    if (!socket.writableNeedDrain || socket.writableLength < this.#settings.highWaterBytes) return true;
    this.#drainOwed = true;
    return false;
  }

  #drained(): void {
    this.#machine.outputDrained();
    if (!this.#drainOwed) return;
    this.#drainOwed = false;
    callSafely(this.#listeners.drain.emit, undefined);
  }

  #peerEnded(): void {
    this.#machine.eof();
    // After a closing handshake our own end may still have to leave; otherwise there is nobody to read it.
    if (this.#outcome?.clean !== true) this.#socket.destroy();
    // Ending twice makes Node create an error that nobody sees, at 5 % of what a connection costs.
    else if (!this.#socket.writableEnded) this.#socket.end();
  }

  #ended(error: Error): void {
    this.#machine.eof(error);
  }

  #tellClosed(): void {
    this.#machine.eof();
    if (this.#closedTold || this.#outcome === null) return;
    this.#closedTold = true;
    callSafely(this.#listeners.closed.emit, this.#outcome);
  }
}

/** `head`, and behind it what the socket has read by itself and nobody has taken. */
function withUnread(socket: Duplex, head: Uint8Array | null): Uint8Array | null {
  const unread: Uint8Array | null = socket.readableLength === 0 ? null : socket.read();
  return unread === null || head === null ? (unread ?? head) : Buffer.concat([head, unread]);
}
