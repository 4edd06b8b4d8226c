import type { BrokerMember, BrokerPresence, PresenceChange } from '@typewire/core';
import type { BrokerSystem } from './broker-contract/system.ts';
import { type ContractCase, equal, isTrue } from './contract-case.ts';

/** Longer than a case takes, … */
const LONG_MS = 60_000;
/** … and so short that it is over within one. */
const SHORT_MS = 1_000;

const member = (id: string, state = 'here', subject: string | null = null): BrokerMember => ({
  id,
  subject,
  state: `,"${state}"`,
});

/** One case at work: its broker, and handles that are closed with it. */
class Run {
  readonly system: BrokerSystem;
  readonly #closes: Array<() => Promise<void>> = [];

  constructor(system: BrokerSystem) {
    this.system = system;
  }

  async connect(): Promise<BrokerPresence> {
    const broker = await this.system.connect();
    this.#closes.push(() => broker.close());
    if (broker.presence === undefined) throw new Error('the broker has no presence');
    return broker.presence;
  }

  /** Follows a topic, and writes down what is told. */
  async follow(presence: BrokerPresence, topic: string) {
    const changes: PresenceChange[] = [];
    const stop = await presence.subscribe(topic, {
      changed: (change) => void changes.push(change),
      interrupted: () => {},
    });
    return { changes, stop };
  }

  /** Waits until `holds`, which what is under way should bring about. */
  async until(holds: () => boolean, otherwise: string): Promise<void> {
    for (let turn = 0; turn < 1_000 && !holds(); turn++) await this.system.settle();
    isTrue(holds(), otherwise);
  }

  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await this.system.settle();
  }

  async close(): Promise<void> {
    for (const close of this.#closes) await close();
    await this.system.close();
  }
}

const idsOf = async (presence: BrokerPresence, topic: string): Promise<string[]> =>
  (await presence.list(topic)).members.map(({ id }) => id).sort();

const sentences: Readonly<Record<string, (run: Run) => Promise<void>>> = {
  async 'lists the members of a topic through every handle, as they were put'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const hostile = ['__proto__', 'constructor', 'a b*>'].map((id) => member(id, id, id));
    await one.put('topic', hostile, LONG_MS);
    const { members } = await two.list('topic');
    const byId = new Map(members.map((present) => [present.id, present]));
    equal(
      hostile.map(({ id }) => byId.get(id)),
      hostile,
    );
    equal(await idsOf(two, 'other'), []);
  },

  async 'tells every handle of joins, changes and leaves, each one version further'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const { changes } = await run.follow(two, 'topic');
    await one.put('topic', [member('a'), member('b')], LONG_MS);
    await one.put('topic', [member('a', 'away')], LONG_MS);
    await one.remove('topic', ['b']);
    await run.until(() => changes.length >= 3, `${changes.length} of 3 changes were told`);
    equal(
      changes.map(({ put, removed }) => [put, removed]),
      [
        [[member('a'), member('b')], []],
        [[member('a', 'away')], []],
        [[], ['b']],
      ],
    );
    const [first] = changes;
    equal(
      changes.map(({ epoch, version }) => [epoch, version]),
      [0, 1, 2].map((step) => [first?.epoch, (first?.version ?? 0) + step]),
    );
    equal(
      changes.map(({ previousTag }) => previousTag),
      [0, ...changes.slice(0, -1).map(({ tag }) => tag)],
    );
    isTrue(new Set(changes.map(({ tag }) => tag)).size === 3, 'every change has a tag of its own');
    const { epoch, version, tag } = await two.list('topic');
    equal([epoch, version, tag], [changes.at(-1)?.epoch, changes.at(-1)?.version, changes.at(-1)?.tag]);
  },

  async 'takes what changes nothing for no change'(run) {
    const presence = await run.connect();
    await presence.put('topic', [member('a')], LONG_MS);
    const before = await presence.list('topic');
    await presence.put('topic', [member('a')], LONG_MS);
    await presence.remove('topic', ['b']);
    const { version } = await presence.list('topic');
    equal(version, before.version);
  },

  async 'loses no member of many that join through several handles at once'(run) {
    const handles = [await run.connect(), await run.connect(), await run.connect()];
    const { changes } = await run.follow(handles[0] as BrokerPresence, 'topic');
    const ids = Array.from({ length: 30 }, (_, index) => `member ${index}`);
    await Promise.all(
      ids.map((id, index) => (handles[index % 3] as BrokerPresence).put('topic', [member(id)], LONG_MS)),
    );
    equal(await idsOf(handles[1] as BrokerPresence, 'topic'), [...ids].sort());
    await run.until(() => changes.length >= ids.length, `${changes.length} changes were told`);
    const versions = changes.map(({ version }) => version);
    equal(
      versions,
      versions.map((_, index) => (versions[0] ?? 0) + index),
    );
  },

  async 'has members leave whose time is over, and tells of it'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const { changes } = await run.follow(two, 'topic');
    await one.put('topic', [member('a')], SHORT_MS);
    await one.put('topic', [member('b')], LONG_MS);
    await run.system.pass(SHORT_MS + 500);
    await two.refresh(new Map([['topic', []]]), LONG_MS);
    equal(await idsOf(two, 'topic'), ['b']);
    await run.until(() => changes.some(({ removed }) => removed.includes('a')), 'a has left without a word');
  },

  async 'keeps members that are refreshed, and has them as they are given, whatever became of them'(run) {
    const presence = await run.connect();
    await presence.put('topic', [member('a'), member('b')], SHORT_MS);
    await presence.put('other', [member('c')], SHORT_MS);
    await run.system.pass(SHORT_MS / 2);
    const before = await presence.list('other');
    const members = new Map([
      ['topic', [member('a', 'away'), member('new')]],
      ['other', [member('c')]],
    ]);
    const { changes } = await run.follow(presence, 'topic');
    const answer = await presence.refresh(members, LONG_MS);
    equal(answer.get('other')?.version, before.version);
    await run.until(() => changes.length > 0, 'what was put anew was not told');
    equal(changes[0]?.put, [member('a', 'away'), member('new')]);
    await run.system.pass(SHORT_MS);
    equal([await idsOf(presence, 'topic'), await idsOf(presence, 'other')], [['a', 'new'], ['c']]);
  },

  async 'says where a topic stands when it is refreshed, so that a lost change is noticed'(run) {
    const [one, two] = [await run.connect(), await run.connect()];
    const { version } = await two.list('topic');
    await one.put('topic', [member('a')], LONG_MS);
    const refresh = (await two.refresh(new Map([['topic', []]]), LONG_MS)).get('topic');
    const list = await two.list('topic');
    equal([refresh?.epoch, refresh?.version, refresh?.tag], [list.epoch, list.version, list.tag]);
    isTrue(list.version > version, 'a change moves the version');
  },

  async 'begins another epoch when it has lost its members, and has them again once they are refreshed'(run) {
    const before = await run.connect();
    await before.put('topic', [member('a')], LONG_MS);
    const { epoch } = await before.list('topic');
    await run.system.lose();
    const presence = await run.connect();
    const refresh = (await presence.refresh(new Map([['topic', [member('a')]]]), LONG_MS)).get('topic');
    isTrue(refresh?.epoch !== epoch, 'what was lost begins a new epoch');
    equal(await idsOf(presence, 'topic'), ['a']);
  },

  async 'tells nothing more once it is not followed'(run) {
    const presence = await run.connect();
    const { changes, stop } = await run.follow(presence, 'topic');
    stop();
    await presence.put('topic', [member('a')], LONG_MS);
    await run.quiet();
    equal(changes, []);
  },
};

/** What the presence of a broker must do; register its cases as those of `brokerContract`. */
export function presenceContract(createSystem: () => BrokerSystem | Promise<BrokerSystem>): ContractCase[] {
  return Object.entries(sentences).map(([name, sentence]) => ({
    name,
    async run() {
      const run = new Run(await createSystem());
      try {
        await sentence(run);
      } finally {
        await run.close();
      }
    },
  }));
}
