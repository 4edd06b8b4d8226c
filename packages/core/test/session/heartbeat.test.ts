import { expect, it } from 'vitest';
import { Heartbeat } from '../../src/session/heartbeat.ts';

const options = { intervalMs: 25_000, timeoutMs: 10_000 };

it('pings after the interval of silence, and not before', () => {
  const heartbeat = new Heartbeat(options, 1_000);

  expect(heartbeat.deadline).toBe(26_000);
  expect(heartbeat.tick(25_999)).toBeNull();
  expect(heartbeat.tick(26_000)).toBe('ping');
});

it('gives up only when a ping has gone unanswered for the whole timeout', () => {
  const heartbeat = new Heartbeat(options, 0);
  heartbeat.tick(25_000);

  expect(heartbeat.deadline).toBe(35_000);
  expect(heartbeat.tick(34_999)).toBeNull();
  expect(heartbeat.tick(35_000)).toBe('dead');
});

it('counts the interval from the last sign of life', () => {
  const heartbeat = new Heartbeat(options, 0);
  heartbeat.heard(20_000);

  expect(heartbeat.tick(25_000)).toBeNull();
  expect(heartbeat.deadline).toBe(45_000);
});

it('takes any sign of life for an answer', () => {
  const heartbeat = new Heartbeat(options, 0);
  heartbeat.tick(25_000);
  heartbeat.heard(34_999);

  expect(heartbeat.tick(35_000)).toBeNull();
  expect(heartbeat.deadline).toBe(59_999);
});

it('pings first when its timer comes hours late, for the peer may be well', () => {
  const heartbeat = new Heartbeat(options, 0);

  expect(heartbeat.tick(7_200_000)).toBe('ping');
  expect(heartbeat.deadline).toBe(7_210_000);
});

it('expects the answer to a probe within the time of the probe', () => {
  const heartbeat = new Heartbeat(options, 0);
  heartbeat.probe(3_000, 5_000);

  expect(heartbeat.tick(7_999)).toBeNull();
  expect(heartbeat.tick(8_000)).toBe('dead');
});

it('goes back to its own timeout after a probe', () => {
  const heartbeat = new Heartbeat(options, 0);
  heartbeat.probe(3_000, 5_000);
  heartbeat.heard(6_000);
  heartbeat.tick(31_000);

  expect(heartbeat.deadline).toBe(41_000);
});

it('never falls due without an interval', () => {
  const heartbeat = new Heartbeat({ intervalMs: Number.POSITIVE_INFINITY, timeoutMs: 10_000 }, 0);

  expect(heartbeat.tick(Number.MAX_SAFE_INTEGER)).toBeNull();
});

it('is not kept alive by probing it again and again', () => {
  const heartbeat = new Heartbeat({ intervalMs: 15_000, timeoutMs: 5_000 }, 0);
  heartbeat.probe(3_000, 0);
  heartbeat.probe(3_000, 2_000);
  heartbeat.probe(10_000, 2_500);
  expect(heartbeat.tick(3_000)).toBe('dead');
});
