import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodeHello } from '../message/encode.ts';
import { type HelloOptions, MessageType } from '../message/messages.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { Link } from './link.ts';
import type { ClientLinkListener, ConnectionMessage } from './link-listener.ts';

/** A client's end of a connection: says hello, is welcomed or sent away, and measures. protocol: "Session messages". */
export class ClientLink extends Link<ClientLinkListener> {
  /** The first message. `auth` is what `encodeValue` made of the credentials. */
  hello(options: HelloOptions, auth: string): void {
    if (this.phase === 'opening') this.transport.send(encodeHello(options, auth));
  }

  /**
   * Which session this connection carries, on `ClientLinkListener.welcome`; `missed` is what the server had not got, and
   * `maxMessageBytes` the largest message it takes.
   */
  carry(delivery: DeliveryLog, missed: readonly EncodedMessage[], maxMessageBytes?: number): void {
    if (this.phase === 'open') this.courier.carry(delivery, missed, maxMessageBytes);
  }

  /** Asks for a sign of life within `timeoutMs`; the answer is also reported as latency. */
  probe(timeoutMs: number): void {
    if (this.phase === 'open') this.pulse.probe(timeoutMs, this.now());
  }

  protected override control(message: ConnectionMessage): void {
    const [type] = message;
    if (type === MessageType.Leave) return this.listener.leave(message[1], message[2]);
    if (type === MessageType.Welcome && this.phase === 'opening') {
      this.phase = 'open';
      return this.listener.welcome(message);
    }
    if ((type !== MessageType.Renew && type !== MessageType.Authenticated) || this.phase !== 'open')
      throw new ProtocolError('MALFORMED', `a message of type ${type} out of turn`);
    this.listener.authentication(message);
  }

  /** The server has just been heard from: the moment to measure, so that the latency stays fresh. */
  protected override pinged(): void {
    if (this.phase === 'open') this.pulse.measure(this.now());
  }
}
