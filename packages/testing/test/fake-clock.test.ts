import { describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock, settled } from '../src/fake-clock.ts';

/** Sets timers that write down their name and the time at which they ran. */
function record(clock: FakeClock, delays: Readonly<Record<string, number>>): string[] {
  const ran: string[] = [];
  for (const [name, delayMs] of Object.entries(delays)) {
    clock.setTimer(delayMs, () => void ran.push(`${name} at ${clock.now()}`));
  }
  return ran;
}

describe('a fake clock', () => {
  it('does not start at 0, which code may take for never', () => {
    expect(fakeClock().now()).toBe(1_000);
    expect(fakeClock(5).now()).toBe(5);
  });

  it('moves only when it is told to', () => {
    const clock = fakeClock(0);
    clock.advance(250);
    clock.advance(0);

    expect(clock.now()).toBe(250);
  });

  it('runs timers earliest first, each at its own moment', () => {
    const clock = fakeClock(0);
    const ran = record(clock, { c: 30, a: 10, b: 20 });
    clock.advance(25);
    expect(ran).toEqual(['a at 10', 'b at 20']);
    expect(clock.now()).toBe(25);
    clock.advance(5);

    expect(ran).toEqual(['a at 10', 'b at 20', 'c at 30']);
  });

  it('runs timers of one moment in the order in which they were set', () => {
    const clock = fakeClock(0);
    const ran = record(clock, { x: 10, y: 10, z: 10 });
    clock.advance(10);

    expect(ran).toEqual(['x at 10', 'y at 10', 'z at 10']);
  });

  it('runs timers that a timer sets, when they fall due in the same step', () => {
    const clock = fakeClock(0);
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.setTimer(10, again);
    };
    again();
    clock.advance(35);

    expect(ran).toEqual([0, 10, 20, 30]);
    expect(clock.pending).toBe(1);
  });

  it('takes a delay below 0 for now', () => {
    const clock = fakeClock(100);
    const ran = record(clock, { late: -50 });
    clock.advance(0);

    expect(ran).toEqual(['late at 100']);
  });

  it('never runs a timer that was cancelled, or twice', () => {
    const clock = fakeClock(0);
    let runs = 0;
    const cancel = clock.setTimer(10, () => void runs++);
    clock.setTimer(5, () => cancel());
    clock.setTimer(20, () => void runs++);
    clock.advance(100);
    cancel();
    clock.advance(100);

    expect(runs).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('counts a timer that never falls due as pending', () => {
    const clock = fakeClock();
    clock.setTimer(Number.POSITIVE_INFINITY, () => {});
    clock.advance(Number.MAX_SAFE_INTEGER);

    expect(clock.pending).toBe(1);
  });
});

describe('advancing with promises', () => {
  it('lets what follows from one timer happen before the next', async () => {
    const clock = fakeClock(0);
    const log: string[] = [];
    for (const delay of [10, 20]) {
      clock.setTimer(delay, () => {
        log.push(`timer ${delay}`);
        void settledBriefly().then(() => log.push(`after ${delay}`));
      });
    }
    await clock.advanceAsync(20);

    expect(log).toEqual(['timer 10', 'after 10', 'timer 20', 'after 20']);
  });

  it('runs timers that promises set on the way', async () => {
    const clock = fakeClock(0);
    const ran: number[] = [];
    void Promise.resolve().then(() => clock.setTimer(5, () => void ran.push(clock.now())));
    await clock.advanceAsync(10);

    expect(ran).toEqual([5]);
  });
});

describe('settled', () => {
  it('waits for chains of promises', async () => {
    let done = false;
    void settledBriefly()
      .then(() => settledBriefly())
      .then(() => {
        done = true;
      });
    await settled();

    expect(done).toBe(true);
  });
});

async function settledBriefly(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await null;
}
