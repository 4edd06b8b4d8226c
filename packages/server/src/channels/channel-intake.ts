import {
  decodeValue,
  type EncodedMessage,
  encodeError,
  type IncomingCalls,
  MessageType,
  type SubscriberMessage,
} from '@typewire/core/internal';
import type { ChannelRoute, Routes } from '../routes.ts';
import type { ChannelRunner, ChannelRunnerHost } from './channel-runner.ts';

/** What taking messages about channels needs of a session. */
export interface ChannelIntakeHost extends Pick<ChannelRunnerHost, 'serializer'> {
  readonly calls: IncomingCalls;
  readonly routes: Routes;
  send(message: EncodedMessage): void;
}

/** Reads what a client sends about channels. protocol: "Channels". */
export class ChannelIntake {
  readonly #host: ChannelIntakeHost;
  readonly #runner: ChannelRunner;

  constructor(host: ChannelIntakeHost, runner: ChannelRunner) {
    this.#host = host;
    this.#runner = runner;
  }

  /** @throws {ProtocolError} for an id that was used, or a value that is malformed. */
  receive(message: SubscriberMessage): void {
    const { serializer } = this.#host;
    switch (message[0]) {
      case MessageType.Subscribe: {
        const route = this.#route(message[1], message[2]);
        return route && this.#runner.subscribe(route, message, decodeValue(serializer, message, 5));
      }
      case MessageType.Unsubscribe:
        return this.#runner.unsubscribe(message[1]);
      case MessageType.History: {
        const route = this.#route(message[1], message[2]);
        return route && this.#runner.history(route, message, decodeValue(serializer, message, 5));
      }
      case MessageType.Publish: {
        const route = this.#route(message[1], message[2]);
        return route && this.#runner.publish(route, message, decodeValue(serializer, message, 5));
      }
      case MessageType.Enter:
        return this.#runner.presence(message, decodeValue(serializer, message, 2));
      default:
        return this.#runner.presence(message, undefined);
    }
  }

  /** Takes the id, and answers for a channel that is not there. */
  #route(id: number, path: string): ChannelRoute | undefined {
    this.#host.calls.takeId(id);
    const route = this.#host.routes.channel(path);
    if (route === undefined) {
      this.#host.send(encodeError(id, 'NOT_FOUND', this.#host.routes.describeMissing('channel', path), ''));
    }
    return route;
  }
}
