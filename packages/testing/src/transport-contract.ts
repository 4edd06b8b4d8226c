import { type Connect, SharedMessage } from '@typewire/core';
import { type ContractCase, equal } from './contract-case.ts';
import { openProbe, TransportProbe } from './transport-probe.ts';

/** How to reach a `TransportPeers` through the transport under test. */
export interface TransportHarness {
  readonly connect: Connect;
  /** Leads to the peer. */
  readonly url: string;
  /** Leads nowhere. */
  readonly unreachableUrl: string;
  readonly capabilities: {
    /** The platform shows pings and pongs. A browser's script sees neither. */
    readonly controlFrames: boolean;
    /** `terminate` ends without a close frame. A browser cannot. */
    readonly abruptEnd: boolean;
  };
}

const texts = ['', 'plain', 'naïve 你好 😀', '"quoted"\n\\', '\u0000\u007f', 'x'.repeat(200_000), '€'.repeat(70_000)];

/**
 * What every transport must do, whatever it runs over. Register each case with your test runner:
 * `for (const { name, run } of transportContract(harness)) it(name, run)`.
 */
export function transportContract(harness: TransportHarness): ContractCase[] {
  const { connect, capabilities } = harness;
  const open = (): Promise<TransportProbe> => openProbe(connect, harness.url);
  /** Ends a connection with `end` and asks the peer, over another one, how it saw that. */
  const seenByPeer = async (end: (probe: TransportProbe) => void): Promise<string | undefined> => {
    const name = `${Math.floor(performance.now() * 1_000)}-${texts.length}`;
    const probe = await open();
    probe.transport.send(`remember:${name}`);
    await probe.received(1);
    end(probe);
    await probe.closed;
    const other = await open();
    other.transport.send(`recall:${name}`);
    const [seen] = await other.received(1);
    await finish(other);
    return seen;
  };

  const cases: ContractCase[] = [
    {
      name: 'carries text unchanged, empty and large too',
      async run() {
        const probe = await open();
        for (const text of texts) probe.transport.send(`echo:${text}`);
        equal(await probe.received(texts.length), texts);
        await finish(probe);
      },
    },
    {
      name: 'keeps messages whole and in order, in both directions',
      async run() {
        const probe = await open();
        const numbers = Array.from({ length: 1_000 }, (_, index) => String(index));
        for (const number of numbers) probe.transport.send(`echo:${number}`);
        probe.transport.send('burst:1000');
        equal(await probe.received(2_000), [...numbers, ...numbers]);
        await finish(probe);
      },
    },
    {
      name: 'sends a shared message like any other, in its place',
      async run() {
        const probe = await open();
        const message = new SharedMessage('echo:shared');
        probe.transport.send('echo:before');
        probe.transport.sendShared(message);
        probe.transport.sendShared(message);
        probe.transport.send('echo:after');
        probe.transport.send('shared:2:theirs');
        equal(await probe.received(6), ['before', 'shared', 'shared', 'after', 'theirs', 'theirs']);
        await finish(probe);
      },
    },
    {
      name: 'carries bytes unchanged, empty and large too, and keeps them apart from text',
      async run() {
        const probe = await open();
        const large = Uint8Array.from({ length: 200_000 }, (_, index) => index * 7);
        // A view: what lies around it must not travel.
        const blobs = [new Uint8Array(0), new Uint8Array([0, 1, 255]), large, large.subarray(3, 9)];
        const before = String(large);
        for (const bytes of blobs) {
          probe.transport.send('echo:text');
          probe.transport.send(bytes);
        }
        equal(
          await probe.received(8),
          blobs.flatMap((bytes) => ['text', `bytes ${bytes}`]),
        );
        equal(String(large), before);
        await finish(probe);
      },
    },
    {
      name: 'sends shared bytes like any other message, in their place',
      async run() {
        const probe = await open();
        const message = new SharedMessage(new Uint8Array([7, 0, 200]));
        probe.transport.send('echo:before');
        probe.transport.sendShared(message);
        probe.transport.sendShared(message);
        probe.transport.send('shared-bytes:2:1:2:3');
        const ours = 'bytes 7,0,200';
        equal(await probe.received(5), ['before', ours, ours, 'bytes 1,2,3', 'bytes 1,2,3']);
        await finish(probe);
      },
    },
    {
      name: 'buffers nothing once everything has left',
      async run() {
        const probe = await open();
        probe.transport.send(`echo:${texts[5]}`);
        await probe.received(1);
        equal(probe.transport.bufferedBytes, 0);
        await finish(probe);
      },
    },
    {
      name: 'reports the code and reason of a peer that closes, behind its messages',
      async run() {
        const probe = await open();
        probe.transport.send('echo:last');
        probe.transport.send('close:4001:bye: naïve');
        const { code, reason } = await probe.closed;
        equal([code, reason], [4001, 'bye: naïve']);
        equal(probe.told, ['opened', 'message', 'closed']);
      },
    },
    {
      name: 'tells the peer its own code and reason',
      async run() {
        equal(await seenByPeer(({ transport }) => transport.close(4002, 'enough')), '4002:enough');
      },
    },
    {
      name: 'sends what was sent in the tick of its close',
      async run() {
        const probe = await open();
        const other = await open();
        const name = `tick-${Math.floor(performance.now() * 1_000)}`;
        probe.transport.send(`remember:${name}`);
        probe.transport.close(1000, '');
        other.transport.send(`recall:${name}`);
        equal(await other.received(1), ['1000:']);
        await finish(other);
      },
    },
    {
      name: 'cuts a reason that is too long rather than throwing',
      async run() {
        const seen = await seenByPeer(({ transport }) => transport.close(4003, '€'.repeat(100)));
        equal(seen, `4003:${'€'.repeat(41)}`);
      },
    },
    {
      name: 'accepts every close code of the protocol',
      async run() {
        for (const code of [1001, 1003, 1009, 1011, 1012, 4001, 4502]) {
          const probe = await open();
          probe.transport.close(code, '');
          await probe.closed;
        }
      },
    },
    {
      name: 'is closed once, and silent afterwards',
      async run() {
        const probe = await open();
        probe.transport.close(1000, '');
        probe.transport.close(4001, 'again');
        probe.transport.send('echo:late');
        probe.transport.sendShared(new SharedMessage('echo:late'));
        probe.transport.ping?.();
        await probe.closed;
        probe.transport.send('echo:later');
        probe.transport.terminate();
        const after = await open();
        await finish(after);
        equal(probe.told, ['opened', 'closed']);
      },
    },
    {
      name: 'reports 1006 when the peer is lost',
      async run() {
        const probe = await open();
        probe.transport.send('terminate');
        equal((await probe.closed).code, 1006);
      },
    },
    {
      name: 'reports a connection that cannot be made as closed, never as opened',
      async run() {
        const probe = new TransportProbe(connect, harness.unreachableUrl);
        equal((await probe.closed).code, 1006);
        equal(probe.told, ['closed']);
      },
    },
    {
      name: 'can be closed before it has opened',
      async run() {
        const probe = new TransportProbe(connect, harness.url);
        probe.transport.close(1000, '');
        await probe.closed;
        equal(probe.told.at(-1), 'closed');
        equal(probe.told.filter((event) => event === 'closed').length, 1);
      },
    },
  ];
  if (capabilities.abruptEnd) {
    cases.push({
      name: 'ends without a close frame when it is terminated',
      async run() {
        equal((await seenByPeer(({ transport }) => transport.terminate()))?.split(':')[0], '1006');
      },
    });
  }
  if (capabilities.controlFrames) {
    cases.push({
      name: 'hears the answer to its ping',
      async run() {
        const probe = await open();
        probe.transport.ping?.();
        await probe.ponged;
        await finish(probe);
      },
    });
  } else {
    cases.push({
      name: 'offers no ping where none can be sent',
      async run() {
        const probe = await open();
        equal(probe.transport.ping, undefined);
        await finish(probe);
      },
    });
  }
  return cases;
}

async function finish(probe: TransportProbe): Promise<void> {
  probe.transport.close(1000, '');
  await probe.closed;
}
