import type {
  Broker,
  BrokerListener,
  BrokerPresence,
  BrokerPublication,
  BrokerRead,
  BrokerReadLimits,
  BrokerReceipt,
  BrokerRequest,
  Position,
} from '@typewire/core';

/** An adapter of the broker with a mistake in how it reads the past. */
export class BrokenBroker implements Broker {
  protected readonly inner: Broker;
  readonly isLossless: boolean;
  readonly presence: BrokerPresence;

  constructor(inner: Broker, isLossless = false) {
    this.inner = inner;
    this.isLossless = isLossless;
    if (inner.presence === undefined) throw new Error('the broker of the simulation has presence');
    this.presence = inner.presence;
  }

  publish(topic: string, publication: BrokerPublication): Promise<BrokerReceipt> {
    return this.inner.publish(topic, publication);
  }

  subscribe(topic: string, listener: BrokerListener): Promise<() => void> {
    return this.inner.subscribe(topic, listener);
  }

  position(topic: string): Promise<Position> {
    return this.inner.position(topic);
  }

  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): Promise<BrokerRead> {
    return request.type === 'since'
      ? this.readSince(topic, request.position, limits)
      : this.inner.read(topic, request, limits);
  }

  protected readSince(topic: string, position: Position, limits: BrokerReadLimits): Promise<BrokerRead> {
    return this.inner.read(topic, { type: 'since', position }, limits);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Compares offset and tag, and not the epoch. */
export class EpochIgnored extends BrokenBroker {
  protected override async readSince(topic: string, position: Position, limits: BrokerReadLimits): Promise<BrokerRead> {
    const { epoch } = await this.inner.position(topic);
    const { tag } = await tagAt(this.inner, topic, position.offset, limits, position.tag);
    return super.readSince(topic, { ...position, epoch, tag }, limits);
  }
}

/** Compares epoch and offset, and not the tag. */
export class TagIgnored extends BrokenBroker {
  protected override async readSince(topic: string, position: Position, limits: BrokerReadLimits): Promise<BrokerRead> {
    const { epoch, tag } = await tagAt(this.inner, topic, position.offset, limits, position.tag);
    return super.readSince(topic, epoch === position.epoch ? { ...position, tag } : position, limits);
  }
}

/** Gives what is left of the past for all of it. */
export class TrimIgnored extends BrokenBroker {
  protected override async readSince(topic: string, position: Position, limits: BrokerReadLimits): Promise<BrokerRead> {
    const read = await super.readSince(topic, position, limits);
    if (read.complete || read.position.epoch !== position.epoch) return read;
    const past = await this.inner.read(topic, { type: 'before', position: null, count: limits.events }, limits);
    return { ...past, events: past.events.filter((event) => event.position.offset > position.offset), complete: true };
  }
}

/** The tag that the log has at an offset now, as far as that is kept. */
async function tagAt(
  broker: Broker,
  topic: string,
  offset: number,
  limits: BrokerReadLimits,
  otherwise: number,
): Promise<{ readonly epoch: string; readonly tag: number }> {
  const { position, events } = await broker.read(topic, { type: 'before', position: null, count: 300 }, limits);
  const next = events.find((event) => event.position.offset === offset + 1);
  const tag = offset === position.offset ? position.tag : next?.previousTag;
  return { epoch: position.epoch, tag: tag ?? otherwise };
}
