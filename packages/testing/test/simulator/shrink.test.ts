import { describeSchedule, generate, noSeams, replayLine, shrink, simulate } from '@typewire/testing/simulator';
import { expect, it } from 'vitest';
import { bugs } from './bugs.ts';

const { seams } = bugs['ignore gap'] as NonNullable<(typeof bugs)[string]>;

it('shrinks a failing schedule to what the failure needs, and it still fails in the same way', async () => {
  const schedule = generate(1);
  const oracleOf = async (candidate: typeof schedule): Promise<string | undefined> =>
    (await simulate(candidate, { seams: { ...noSeams, ...seams } })).violation?.oracle;
  const oracle = await oracleOf(schedule);
  expect(oracle).toBeDefined();

  const shrunk = await shrink(schedule, async (candidate) => (await oracleOf(candidate)) === oracle);

  expect(await oracleOf(shrunk.schedule)).toBe(oracle);
  expect(shrunk.schedule.items.length).toBeLessThan(schedule.items.length / 2);
  // Nothing of what is left can go.
  for (const item of shrunk.schedule.items) {
    const without = { ...shrunk.schedule, items: shrunk.schedule.items.filter((other) => other !== item) };
    expect(await oracleOf(without)).not.toBe(oracle);
  }
});

it('stops after the runs it was given', async () => {
  let runs = 0;
  const neverSmaller = (): Promise<boolean> => Promise.resolve(++runs < 0);
  const shrunk = await shrink(generate(2), neverSmaller, 10);
  expect(runs).toBe(10);
  expect(shrunk.runs).toBe(10);
});

it('shows a schedule for people, and the line that plays its seed again', () => {
  const schedule = generate(3);
  const text = describeSchedule(schedule);
  expect(text.split('\n').length).toBe(schedule.items.length + 3);
  expect(text).toContain('everything works again');
  expect(replayLine(3, null)).toBe('npm run simulate -- --seed 3 --trace');
  expect(replayLine(3, 'ignore gap')).toBe('npm run simulate -- --seed 3 --trace --bug "ignore gap"');
});
