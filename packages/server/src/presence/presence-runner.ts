import {
  type EncodedMessage,
  encodeEntered,
  encodeRefused,
  encodeText,
  type PresenceMode,
  type Validated,
  validate,
} from '@typewire/core/internal';
import type { RuleArguments } from '../builder/server-channel.ts';
import type { Caller } from '../caller.ts';
import { describeFailure, type FailureHost } from '../channels/describe-failure.ts';
import type { TopicReceiver } from '../channels/topic-receiver.ts';
import { Failure, invalidInput } from '../failure.ts';
import type { ChannelRoute } from '../routes.ts';
import type { PresenceHub } from './presence-hub.ts';
import type { ServedPresence } from './presence-options.ts';
import type { PresenceTopic } from './presence-topic.ts';

/** What serving presence needs of a session. */
export interface PresenceRunnerHost extends TopicReceiver, FailureHost {
  readonly presenceHub: PresenceHub | null;
  readonly caller: Caller;
  readonly context: unknown;
  readonly maxPresenceBytes: number;
  readonly environment: {
    createId(): string;
    setTimer(delayMs: number, callback: () => void): () => void;
  };
  send(message: EncodedMessage): void;
}

/** A topic the session follows. */
export interface FollowedTopic {
  readonly topic: { readonly name: string; readonly number: number };
  readonly route: ChannelRoute;
  readonly params: unknown;
}

/** What a session is, and sees, on one topic. */
interface Entry {
  readonly followed: FollowedTopic;
  readonly topic: PresenceTopic;
  readonly presence: ServedPresence;
  mode: PresenceMode;
  /** The newest state that has not been checked yet. */
  wanted: readonly [state: unknown] | null;
  isChecking: boolean;
  /** Counts the times it was left: what was checked before that does not count. */
  exits: number;
  /** As a member of the topic. */
  id: string | null;
  state: string;
  /** Its connection has been away for longer than the grace: it left, and comes back with it. */
  isAway: boolean;
  cancelGrace: (() => void) | null;
}

/** The presence of one session: where it is a member, and where it looks. */
export class PresenceRunner {
  readonly #host: PresenceRunnerHost;
  readonly #entries: Map<number, Entry> = new Map();
  /** Counts the times the rules had to be asked again. */
  #round = 0;

  constructor(host: PresenceRunnerHost) {
    this.#host = host;
  }

  /** The client wants to see who is present, or no longer. */
  watch(followed: FollowedTopic, mode: PresenceMode): void {
    const entry = this.#open(followed, 'watch');
    // A state is large: it is not given again to whoever has it.
    if (entry === null || entry.mode === mode) return;
    entry.mode = mode;
    if (mode === 'off') return entry.topic.unwatch(this.#host);
    void this.#watch(entry, mode);
  }

  /** The client is present with a state, or changes it. Of several the newest counts. */
  enter(followed: FollowedTopic, state: unknown): void {
    const entry = this.#open(followed, 'enter');
    if (entry === null) return;
    entry.wanted = [state];
    if (!entry.isChecking) void this.#enterAll(entry);
  }

  exit(number: number): void {
    const entry = this.#entries.get(number);
    if (entry !== undefined) this.#exit(entry);
  }

  /** The session does not follow the topic any more. */
  left(number: number): void {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    this.#entries.delete(number);
    this.#exit(entry);
    entry.mode = 'off';
    entry.topic.unwatch(this.#host);
    this.#host.presenceHub?.release(entry.topic);
  }

  /** Rights may have changed, or who the client is. */
  async reauthorize(): Promise<void> {
    this.#round++;
    await Promise.all([...this.#entries.values()].map((entry) => this.#reauthorize(entry)));
  }

  /** The connection is lost: members stay for a while. */
  detached(): void {
    for (const entry of this.#entries.values()) {
      if (entry.id === null) continue;
      entry.cancelGrace ??= this.#host.environment.setTimer(entry.presence.graceMs, () => {
        entry.cancelGrace = null;
        entry.isAway = true;
        if (entry.id !== null) entry.topic.remove(entry.id);
      });
    }
  }

  /** There is a connection again. */
  attached(): void {
    for (const entry of this.#entries.values()) {
      entry.cancelGrace?.();
      entry.cancelGrace = null;
      if (entry.isAway) {
        entry.isAway = false;
        this.#put(entry);
      }
      entry.topic.catchUp(this.#host);
    }
  }

  /** There may be room again on the connection. */
  drained(): void {
    for (const { topic } of this.#entries.values()) topic.catchUp(this.#host);
  }

  close(): void {
    for (const number of [...this.#entries.keys()]) this.left(number);
  }

  #open(followed: FollowedTopic, right: 'enter' | 'watch'): Entry | null {
    const { number, name } = followed.topic;
    const known = this.#entries.get(number);
    if (known !== undefined) return known;
    const { presenceHub } = this.#host;
    const presence = followed.route.channel['~presence'];
    if (presence === null || presenceHub === null) {
      const text = `${followed.route.path} declares no presence`;
      this.#host.send(encodeRefused(number, right, 'NOT_FOUND', text, ''));
      return null;
    }
    const topic = presenceHub.open(name, presence.throttleMs);
    const entry: Entry = {
      followed,
      topic,
      presence,
      mode: 'off',
      wanted: null,
      isChecking: false,
      exits: 0,
      id: null,
      state: '',
      isAway: false,
      cancelGrace: null,
    };
    this.#entries.set(number, entry);
    return entry;
  }

  async #watch(entry: Entry, mode: 'all' | 'count'): Promise<void> {
    try {
      await this.#allow(entry, 'see');
      if (this.#isCurrent(entry) && entry.mode === mode) {
        entry.topic.watch(this.#host, entry.followed.topic.number, mode);
      }
    } catch (error) {
      if (entry.mode === mode) entry.mode = 'off';
      await this.#refuse(entry, 'watch', error);
    }
  }

  async #enterAll(entry: Entry): Promise<void> {
    entry.isChecking = true;
    while (entry.wanted !== null) {
      const [state] = entry.wanted;
      entry.wanted = null;
      await this.#enter(entry, state).catch((error: unknown) => this.#refuse(entry, 'enter', error));
    }
    entry.isChecking = false;
  }

  async #enter(entry: Entry, raw: unknown): Promise<void> {
    const { route, topic } = entry.followed;
    const { exits } = entry;
    if (entry.id === null) await this.#allow(entry, 'enter');
    const schema = route.channel['~definition'].presence;
    const checked: Validated<unknown> = schema ? await validate(schema, raw) : { value: raw };
    if (checked.issues !== undefined)
      throw invalidInput(`the presence state is not valid on ${route.path}`, checked.issues);
    const state = encodeText(this.#host.serializer, checked.value, 'presence');
    const { maxPresenceBytes } = this.#host;
    if (state.length > maxPresenceBytes) {
      const text = `a presence state of ${state.length} UTF-16 units, above the option limits.maxPresenceBytes: ${maxPresenceBytes}`;
      throw new Failure('LIMIT_EXCEEDED', text, undefined);
    }
    if (entry.exits !== exits) return;
    entry.state = state;
    if (entry.id === null) {
      entry.id = this.#host.environment.createId();
      this.#host.send(encodeEntered(topic.number, entry.id));
    }
    if (!entry.isAway) this.#put(entry);
  }

  #put({ topic, id, state }: Entry): void {
    if (id !== null) topic.put({ id, subject: this.#host.caller.subject, state });
  }

  #exit(entry: Entry): void {
    entry.exits++;
    entry.wanted = null;
    entry.cancelGrace?.();
    entry.cancelGrace = null;
    entry.isAway = false;
    if (entry.id !== null) entry.topic.remove(entry.id);
    entry.id = null;
  }

  async #reauthorize(entry: Entry): Promise<void> {
    const watching =
      entry.mode === 'off'
        ? null
        : this.#allow(entry, 'see').catch((error: unknown) => {
            entry.mode = 'off';
            entry.topic.unwatch(this.#host);
            return this.#refuse(entry, 'watch', error);
          });
    const present =
      entry.id === null
        ? null
        : this.#allow(entry, 'enter').then(
            // Under the name of who it is now.
            () => this.#isCurrent(entry) && !entry.isAway && this.#put(entry),
            (error: unknown) => {
              this.#exit(entry);
              return this.#refuse(entry, 'enter', error);
            },
          );
    await Promise.all([watching, present]);
  }

  /** @throws {Failure} `FORBIDDEN`, or what the rule throws, as a rejection. */
  async #allow({ presence, followed }: Entry, right: 'see' | 'enter'): Promise<void> {
    const rule = presence[right];
    // Who follows the topic has passed the rule for that, which is asked again when rights may have changed.
    if (rule === null) return;
    for (let round = -1; round !== this.#round; ) {
      round = this.#round;
      const args: RuleArguments<unknown, unknown, never> = {
        ctx: this.#host.context,
        params: followed.params,
        caller: this.#host.caller,
        fail: followed.route.fail,
      };
      if ((await rule(args)) === true) continue;
      const verb = right === 'see' ? 'see who is present on' : 'be present on';
      throw new Failure('FORBIDDEN', `not allowed to ${verb} ${followed.route.path}`, undefined);
    }
  }

  #isCurrent(entry: Entry): boolean {
    return this.#entries.get(entry.followed.topic.number) === entry;
  }

  async #refuse(entry: Entry, right: 'enter' | 'watch', error: unknown): Promise<void> {
    const { topic, route } = entry.followed;
    const { code, message, data } = await describeFailure(this.#host, route, error);
    if (this.#isCurrent(entry)) this.#host.send(encodeRefused(topic.number, right, code, message, data));
  }
}
