import { type EncodedValue, type Serializer, UsageError } from '@typewire/core';
import {
  type EncodedMessage,
  encodeEnded,
  encodeError,
  encodePast,
  encodePosition,
  encodeResult,
  encodeSubscribed,
  encodeValue,
  type HistoryMessage,
  isEncoded,
  MessageType,
  type PresenceRequest,
  type PublishMessage,
  readPosition,
  type SubscribeMessage,
  topicName,
  type Validated,
  validate,
} from '@typewire/core/internal';
import type { RuleArguments } from '../builder/server-channel.ts';
import type { Caller } from '../caller.ts';
import { Failure, invalidInput } from '../failure.ts';
import { ownersOf } from '../idempotency/owner.ts';
import { PresenceRunner, type PresenceRunnerHost } from '../presence/presence-runner.ts';
import { chain, isPromiseLike } from '../promise.ts';
import type { ChannelRoute } from '../routes.ts';
import { describeFailure } from './describe-failure.ts';
import type { Hub, Joined } from './hub.ts';
import type { HubTopic } from './hub-topic.ts';
import type { JoinRequest } from './past-reader.ts';
import { createPublication } from './publication.ts';
import { encodeState } from './state.ts';

/** What serving channels needs of a connection. */
export interface ChannelRunnerHost extends PresenceRunnerHost {
  readonly serializer: Serializer;
  readonly hub: Hub;
  readonly caller: Caller;
  /** What the client calls itself in each of its sessions. */
  readonly client: string | null;
  readonly context: unknown;
  readonly maxSubscriptions: number;
  send(message: EncodedMessage): void;
  /** A request has its answer. */
  finished(): void;
  report(error: unknown, path: string): string;
}

/** A topic the client follows, with what it takes to ask again whether it may. */
interface Followed {
  readonly topic: HubTopic;
  readonly route: ChannelRoute;
  readonly params: unknown;
}

/** The subscriptions and publications of one session. */
export class ChannelRunner {
  readonly #host: ChannelRunnerHost;
  readonly #followed: Map<number, Followed> = new Map();
  /** Subscriptions, and requests for one from the moment they arrive: what the limit counts. */
  #slots = 0;
  /** Names being subscribed or subscribed. */
  readonly #names: Set<string> = new Set();

  /** Made when it is first used. */
  #presence: PresenceRunner | null = null;
  /** Counts the times the rules had to be asked again. */
  #round = 0;
  /** Requests without an answer yet: their rules may take as long as a handler. */
  #underWay = 0;

  constructor(host: ChannelRunnerHost) {
    this.#host = host;
  }

  get underWay(): number {
    return this.#underWay;
  }

  subscribe(route: ChannelRoute, message: SubscribeMessage, params: unknown): void {
    const [, id, , position, rewind] = message;
    this.#guard(id, route, (delayed) =>
      this.#subscribe(route, id, { position: position && readPosition(position), rewind, delayed }, params),
    );
  }

  /** A topic the client does not follow (any more) is noise: the server's end and the client's may cross. */
  unsubscribe(number: number): void {
    const followed = this.#followed.get(number);
    if (followed !== undefined) this.#leave(followed.topic);
  }

  /** Asks every rule again, for a client that is somebody else now, or again; what it may no longer follow ends. */
  async reauthorize(): Promise<void> {
    this.#round++;
    await Promise.all([...this.#followed.values()].map((followed) => this.#reauthorize(followed)));
    // Of what it still follows.
    await this.#presence?.reauthorize();
  }

  publish(route: ChannelRoute, message: PublishMessage, event: unknown): void {
    const [, id, , params, options] = message;
    this.#guard(id, route, async () => {
      const { publish } = route.channel['~rules'];
      if (publish === null) throw new Failure('FORBIDDEN', `only the server publishes on ${route.path}`, undefined);
      const checkedParams = await readParams(route, params ?? undefined);
      const checkedEvent = await readEvent(route, event);
      await allow(
        publish,
        { ...this.#ruleArguments(route, checkedParams), event: checkedEvent },
        'publish',
        route.path,
      );
      const encoded = encodeValue(this.#host.serializer, checkedEvent, 'event');
      const payload = isEncoded(encoded) ? encoded : await encoded;
      const exclude = options?.exclude === true ? { exclude: this.#host.id } : {};
      const publication = {
        ...createPublication(route, checkedEvent, payload, exclude),
        idempotencyKey: options?.key === undefined ? null : this.#scoped(options.key),
      };
      const { position } = await this.#host.hub.publish(nameTopic(route, checkedParams), publication);
      this.#host.send(encodeResult(id, `,${encodePosition(position)}`));
    });
  }

  history(route: ChannelRoute, [, id, , before, limit]: HistoryMessage, rawParams: unknown): void {
    this.#guard(id, route, async () => {
      const { readHistory } = route.channel['~rules'];
      if (readHistory === null) {
        throw new Failure('FORBIDDEN', `${route.path} has no readHistory rule, and nobody may without one`, undefined);
      }
      const params = await readParams(route, rawParams);
      await allow(readHistory, this.#ruleArguments(route, params), 'read the history of', route.path);
      const { hub } = this.#host;
      const read = await hub.readBefore(nameTopic(route, params), before && readPosition(before), limit);
      for (const { position, payload } of read.events) {
        this.#host.send(encodePast(id, position.offset, position.tag, payload));
      }
      this.#host.send(encodeResult(id, `,[${JSON.stringify(read.position.epoch)},${!read.complete}]`));
    });
  }

  /** Keys belong to who chose them. */
  #scoped(key: string): string {
    const { caller, client, id } = this.#host;
    const [owner] = ownersOf(caller.subject, client, id);
    return JSON.stringify([owner.id, key]);
  }

  /** Messages about who is present on a topic. One it does not follow (any more) is noise. */
  presence(message: PresenceRequest, state: unknown): void {
    const followed = this.#followed.get(message[1]);
    if (followed === undefined) return;
    this.#presence ??= new PresenceRunner(this.#host);
    if (message[0] === MessageType.Watch) this.#presence.watch(followed, message[2]);
    else if (message[0] === MessageType.Enter) this.#presence.enter(followed, state);
    else this.#presence.exit(message[1]);
  }

  /** The connection is lost, and the session waits for its client. */
  detached(): void {
    this.#presence?.detached();
  }

  attached(): void {
    this.#presence?.attached();
  }

  drained(): void {
    this.#presence?.drained();
  }

  /** The session is over. */
  close(): void {
    this.#host.hub.abandon(this.#host);
    this.#presence?.close();
    for (const { topic } of this.#followed.values()) this.#host.hub.leave(topic, this.#host);
    this.#followed.clear();
    this.#names.clear();
  }

  async #reauthorize(followed: Followed): Promise<void> {
    const { topic, route, params } = followed;
    const round = this.#round;
    const refusal = await this.#allow(route, params).catch((error: unknown) => error);
    // Of a round that another one followed, the answer is old.
    if (refusal === undefined || round !== this.#round || this.#followed.get(topic.number) !== followed) return;
    this.#leave(topic);
    const { code, message, data } = await describeFailure(this.#host, route, refusal);
    this.#host.send(encodeEnded(topic.number, code, message, data));
  }

  /** @throws {Failure} `FORBIDDEN`, or what the rule throws, as a rejection. */
  #allow(route: ChannelRoute, params: unknown): Promise<void> {
    const { subscribe } = route.channel['~rules'];
    return allow(subscribe ?? never, this.#ruleArguments(route, params), 'subscribe to', route.path);
  }

  async #subscribe(
    route: ChannelRoute,
    id: number,
    request: Pick<JoinRequest, 'position' | 'rewind' | 'delayed'>,
    rawParams: unknown,
  ): Promise<void> {
    if (this.#slots >= this.#host.maxSubscriptions) {
      const text = `more than ${this.#host.maxSubscriptions} subscriptions of one connection: see the option limits.maxSubscriptions`;
      throw new Failure('LIMIT_EXCEEDED', text, undefined);
    }
    this.#slots++;
    let name: string | null = null;
    try {
      // Without a turn of the event loop where it can be: what the client asks next must come behind this.
      const checked = readParams(route, rawParams);
      const params = isPromiseLike(checked) ? await checked : checked;
      const { subscribe } = route.channel['~rules'];
      if (subscribe === null) {
        throw new Failure('FORBIDDEN', `${route.path} has no subscribe rule, and nobody may without one`, undefined);
      }
      const topicName = nameTopic(route, params);
      if (this.#names.has(topicName)) {
        throw new Failure('CONFLICT', 'this connection follows the topic already', undefined);
      }
      name = topicName;
      this.#names.add(name);
      let round = this.#round;
      // The client may have become somebody else while its rule was asked, or while the past was read.
      const stayAllowed = async (): Promise<void> => {
        for (; round !== this.#round; await this.#allow(route, params)) round = this.#round;
      };
      const allowed = this.#allow(route, params).then(stayAllowed);
      const askAgain = (): Promise<void> | null => (round === this.#round ? null : stayAllowed());
      let state: EncodedValue = '';
      const loadState = async (): Promise<void> => {
        state = await encodeState(route, this.#ruleArguments(route, params), this.#host.serializer);
      };
      const joined = ({ topic, position, outcome }: Joined): void => {
        if (this.#host.isClosed) return this.#host.hub.leave(topic, this.#host);
        this.#followed.set(topic.number, { topic, route, params });
        this.#host.send(encodeSubscribed(id, topic.number, position, outcome, outcome === 'recovered' ? '' : state));
      };
      await this.#host.hub.join(
        name,
        { ...request, askAgain, ...(route.channel['~snapshot'] && { loadState }) },
        this.#host,
        joined,
        allowed,
        route.channel['~delivery'],
      );
    } catch (error) {
      this.#slots--;
      if (name !== null) this.#names.delete(name);
      throw error;
    }
  }

  #leave(topic: HubTopic): void {
    this.#slots--;
    this.#presence?.left(topic.number);
    this.#followed.delete(topic.number);
    this.#names.delete(topic.name);
    this.#host.hub.leave(topic, this.#host);
  }

  #ruleArguments(route: ChannelRoute, params: unknown): RuleArguments<unknown, unknown, never> {
    return { ctx: this.#host.context, params, caller: this.#host.caller, fail: route.fail };
  }

  /** Answers a request that failed; one whose connection is gone needs no answer. */
  #guard(id: number, route: ChannelRoute, run: (delayed: () => void) => Promise<void>): void {
    let isCounted = true;
    this.#underWay++;
    // What waits for long does not hold up the others.
    const discount = (): void => {
      if (!isCounted) return;
      isCounted = false;
      this.#underWay--;
      this.#host.finished();
    };
    run(discount)
      .catch(async (error: unknown) => {
        if (this.#host.isClosed) return;
        const { code, message, data } = await describeFailure(this.#host, route, error);
        this.#host.send(encodeError(id, code, message, data));
      })
      .finally(discount);
  }
}

/** @throws {Failure} `INVALID_INPUT` */
export function readParams(route: ChannelRoute, params: unknown): unknown {
  const schema = route.channel['~definition'].params;
  if (schema === null) {
    if (params === undefined || params === null) return undefined;
    throw invalidInput('this channel takes no parameters', [{ message: 'this channel takes no parameters', path: [] }]);
  }
  return chain(validate(schema, params), (checked: Validated<unknown>) => {
    if (checked.issues === undefined) return checked.value;
    throw invalidInput('the parameters are not valid', checked.issues);
  });
}

/** @throws {Failure} `INVALID_INPUT` */
export function readEvent(route: ChannelRoute, event: unknown): unknown {
  return chain(validate(route.channel['~definition'].event, event), (checked: Validated<unknown>) => {
    if (checked.issues === undefined) return checked.value;
    throw invalidInput(`the event is not valid on ${route.path}`, checked.issues);
  });
}

/** @throws {Failure} `INVALID_INPUT` for parameters that cannot name a topic. */
export function nameTopic(route: ChannelRoute, params: unknown): string {
  try {
    return topicName(route.path, params);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw invalidInput(error.message, [{ message: error.message, path: [] }]);
  }
}

const never = (): boolean => false;

async function allow<Args>(
  rule: (args: Args) => boolean | PromiseLike<boolean>,
  args: Args,
  verb: string,
  path: string,
): Promise<void> {
  if ((await rule(args)) !== true) throw new Failure('FORBIDDEN', `not allowed to ${verb} ${path}`, undefined);
}
