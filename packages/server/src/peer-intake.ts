import { ProtocolError } from '@typewire/core';
import {
  type EncodedMessage,
  encodeError,
  type IncomingCalls,
  MessageType,
  type PeerMessage,
  violationCodes,
} from '@typewire/core/internal';
import type { Callees } from './callees/callees.ts';
import { CallIntake, type CallIntakeHost } from './calls/call-intake.ts';
import {
  type FollowingMessage,
  HeldRequests,
  type HeldRequestsHost,
  type RequestMessage,
} from './calls/held-requests.ts';
import { ChannelIntake, type ChannelIntakeHost } from './channels/channel-intake.ts';
import type { ChannelRunner } from './channels/channel-runner.ts';
import type { WireEnvironment } from './environment.ts';
import type { WireLimits } from './options.ts';
import { TokenBucket } from './token-bucket.ts';

/** The session whose messages are taken. */
export interface PeerIntakeHost extends CallIntakeHost, ChannelIntakeHost {
  readonly environment: WireEnvironment;
  readonly limits: Required<WireLimits>;
  readonly callees: Callees | null;
  send(message: EncodedMessage): void;
  /** Stops reading from the client, or goes on. */
  pause(): void;
  resume(): void;
  /** Ends the session, and closes its connection with `code`. */
  expel(code: number, reason: string): void;
}

/** Takes what a client sends over its session, as much at a time as it may ask for, and passes it to who serves it. */
export class PeerIntake implements HeldRequestsHost {
  readonly #host: PeerIntakeHost;
  readonly #calls: CallIntake;
  readonly #channels: ChannelIntake;
  readonly #runner: ChannelRunner;
  /** Where calls have a rate. */
  readonly #rate: TokenBucket | null;
  /** Once there has been more to do than may be done at a time. */
  #held: HeldRequests | null = null;
  #isAwaited = false;

  constructor(host: PeerIntakeHost, runner: ChannelRunner) {
    this.#host = host;
    this.#runner = runner;
    this.#calls = new CallIntake(host);
    this.#channels = new ChannelIntake(host, runner);
    const { maxCallsPerSecond } = host.limits;
    this.#rate = maxCallsPerSecond === Number.POSITIVE_INFINITY ? null : new TokenBucket(maxCallsPerSecond);
  }

  /** What a connection of the session hands its messages to: `size` is what one came with. */
  get listener(): (message: PeerMessage, size: number) => void {
    if (this.#rate === null) return (message, size) => this.#receive(message, size);
    return (message, size) => {
      if (this.#isWithinRate(message)) this.#receive(message, size);
    };
  }

  get environment(): WireEnvironment {
    return this.#host.environment;
  }

  get limits(): Required<WireLimits> {
    return this.#host.limits;
  }

  get calls(): IncomingCalls {
    return this.#host.calls;
  }

  /** Streams and uploads do not count: they have limits of their own. */
  get inFlight(): number {
    return this.#host.calls.plain + this.#runner.underWay;
  }

  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** A call or request is over: what is held begins when there is room. */
  finished(): void {
    this.#held?.beginNext();
  }

  awaitsAnswers(does: boolean): void {
    this.#isAwaited = does;
    this.#held?.pauseWhenFull();
  }

  /** The session goes on over another connection. */
  attached(): void {
    this.#held?.reattached();
  }

  tick(now: number): void {
    this.#held?.tick(now);
  }

  /** The session is over: what has not begun never does. */
  close(): void {
    this.#held?.clear();
  }

  begin(message: RequestMessage): void {
    switch (message[0]) {
      case MessageType.Subscribe:
      case MessageType.Publish:
      case MessageType.History:
        return this.#channels.receive(message);
      default:
        return this.#calls.receive(message);
    }
  }

  follow(message: FollowingMessage): void {
    this.#calls.receive(message);
  }

  send(message: EncodedMessage): void {
    this.#host.send(message);
  }

  pause(): void {
    this.#host.pause();
  }

  resume(): void {
    this.#host.resume();
  }

  breakOff(error: ProtocolError): void {
    this.#host.expel(violationCodes[error.code], error.message);
  }

  /** Whether a message may be taken; what asks for too much is refused. Subscriptions have a limit of their own. */
  #isWithinRate(message: PeerMessage): boolean {
    switch (message[0]) {
      case MessageType.Call:
      case MessageType.Mutate:
      case MessageType.Open:
      case MessageType.Upload:
      case MessageType.Publish:
      case MessageType.History: {
        if (this.#rate === null || this.#rate.take(this.#host.environment.now())) return true;
        this.#host.calls.takeId(message[1]);
        const text = `more than ${this.#host.limits.maxCallsPerSecond} calls per second: see the option limits.maxCallsPerSecond`;
        this.send(encodeError(message[1], 'LIMIT_EXCEEDED', text, ''));
        return false;
      }
      default:
        return true;
    }
  }

  #receive(message: PeerMessage, size: number): void {
    switch (message[0]) {
      case MessageType.Call:
      case MessageType.Mutate:
        if (this.#isFull) return this.#hold(message, size);
        return this.#calls.receive(message);
      case MessageType.Open:
      case MessageType.Upload:
        if (this.#isHolding) return this.#hold(message, size);
        return this.#calls.receive(message);
      case MessageType.Cancel:
      case MessageType.Credit:
      case MessageType.Chunk:
      case MessageType.Finish:
      case MessageType.Abort:
        if (this.#isHolding && this.#held?.follow(message)) return;
        return this.#calls.receive(message);
      case MessageType.Subscribe:
      case MessageType.History:
      case MessageType.Publish:
        if (this.#isFull) return this.#hold(message, size);
        return this.#channels.receive(message);
      case MessageType.Unsubscribe:
      case MessageType.Watch:
      case MessageType.Enter:
      case MessageType.Exit:
        return this.#channels.receive(message);
      case MessageType.Result:
      case MessageType.Error:
      case MessageType.Item:
      case MessageType.Tracked:
      case MessageType.End:
      case MessageType.Grant:
      case MessageType.Stop:
        if (this.#host.callees !== null) return this.#host.callees.receive(message);
        throw new ProtocolError('MALFORMED', 'an answer to a call that was never made');
      default:
        throw new ProtocolError('MALFORMED', 'only a server sends events');
    }
  }

  /** Whether requests wait: what is asked then waits behind them. */
  get #isHolding(): boolean {
    return this.#held !== null && !this.#held.isEmpty;
  }

  get #isFull(): boolean {
    return this.inFlight >= this.#host.limits.maxCallsInFlight || this.#isHolding;
  }

  #hold(message: RequestMessage, size: number): void {
    this.#held ??= new HeldRequests(this);
    this.#held.hold(message, size);
  }
}
