import type { HandshakeError } from '@typewire/frame';
import { ConnectionTracker } from '@typewire/node';
import { expect, it } from 'vitest';
import { answerNodeRequest } from '../src/accept-upgrade.ts';
import { Deadline } from '../src/deadline.ts';
import { receiveHandshake } from '../src/receive-handshake.ts';
import { createUpgradePolicy } from '../src/upgrade-options.ts';
import { ManualTimer } from './manual-timer.ts';
import { socketPair } from './socket-pair.ts';

/** Begins a handshake on a fresh socket after `before` was done to it, and says how it was refused. */
async function refusalAfter(before: 'destroyed' | 'closing'): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const way of ['listener', 'http'] as const) {
    const { near } = await socketPair();
    const timer = new ManualTimer();
    const tracker = new ConnectionTracker({ startTimer: timer.start });
    const onRefused = (error: HandshakeError) => codes.push(error.code);
    const policy = createUpgradePolicy({ startTimer: timer.start, tracker, onRefused });
    if (before === 'destroyed') near.destroy();
    else void tracker.closeAll();
    const onConnection = () => expect.unreachable();
    if (way === 'listener') {
      const arrival = { leave: () => {}, deadline: new Deadline(timer.start, 10_000, () => expect.unreachable()) };
      receiveHandshake(near, arrival, { policy, headLimits: {}, onConnection });
    } else {
      const request = Object.assign(Object.create(null), { rawHeaders: [] });
      answerNodeRequest({ request, socket: near, head: Buffer.alloc(0) }, policy, onConnection);
    }
    near.destroy();
  }
  return codes;
}

it('a socket that is gone before its handshake begins is an ordinary end', async () => {
  expect(await refusalAfter('destroyed')).toEqual(['ABANDONED', 'ABANDONED']);
});

it('a socket that comes while the server closes is refused', async () => {
  expect(await refusalAfter('closing')).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
});
