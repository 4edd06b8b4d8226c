import { expect, it } from 'vitest';
import { fakeClock, settled } from '../src/fake-clock.ts';
import { fakeEnvironment } from '../src/fake-environment.ts';

it('counts its ids', () => {
  const environment = fakeEnvironment();

  expect([environment.createId(), environment.createId()]).toEqual(['id-1', 'id-2']);
});

it('shares nothing with another', () => {
  const [one, other] = [fakeEnvironment(), fakeEnvironment()];
  one.createId();
  one.clock.advance(500);

  expect(other.createId()).toBe('id-1');
  expect(other.now()).toBe(1_000);
});

it('may share a clock, so that two machines live in one time', () => {
  const clock = fakeClock();
  const [one, other] = [fakeEnvironment({ clock }), fakeEnvironment({ clock })];
  clock.advance(10);

  expect([one.now(), other.now()]).toEqual([1_010, 1_010]);
});

it('has the same randomness for the same seed', () => {
  const numbers = [1, 1, 2].map((seed) => fakeEnvironment({ seed }).random());

  expect(numbers[0]).toBe(numbers[1]);
  expect(numbers[0]).not.toBe(numbers[2]);
});

it('defers to the end of this tick, in order', async () => {
  const log: string[] = [];
  const environment = fakeEnvironment();
  environment.defer(() => void log.push('first'));
  environment.defer(() => void log.push('second'));
  log.push('now');
  await settled();

  expect(log).toEqual(['now', 'first', 'second']);
});
