import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/connection-options.ts';
import { EchoEndpoint } from './echo-endpoint.ts';
import { expectedFrames, readable } from './expectation.ts';
import { payloadBytes } from './payload.ts';
import { bytesUntilFailure, encodePeerFrame } from './peer-frames.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.ts';

const roles: readonly Role[] = ['server', 'client'];

/** Above this, input is not sent byte by byte unless the rule says so. */
const MAX_SHORT_BYTES = 2_000;

function* cuts(rule: Rule, role: Role): Generator<[how: string, chunks: Buffer[]]> {
  const frames = rule.input.map((frame) => encodePeerFrame(frame, role));
  const whole = Buffer.concat(frames);
  yield ['in one chunk', [whole]];
  if (frames.length > 1) yield ['frame by frame', frames];
  const sizes = rule.chunkBytes ?? (whole.length <= MAX_SHORT_BYTES ? [1, 7] : []);
  for (const size of sizes) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
    yield [`${size} bytes at a time`, chunks];
  }
}

function outcomeOf({ end }: Rule): unknown {
  if (end.type === 'open') return { code: 1006, reason: '', clean: false };
  if (end.type === 'failed') {
    return { code: end.code, reason: '', clean: false, error: expect.objectContaining({ code: end.error }) };
  }
  return { code: end.code ?? 1005, reason: payloadBytes(end.reason).toString(), clean: true };
}

describe.each(roles)('a %s', (role) => {
  const own = rules.filter((rule) => rule.roles?.includes(role) ?? true);

  it.each(own.map((rule) => [rule.id, rule.title, rule] as const))('%s: %s', (_, __, rule) => {
    const want = readable(expectedFrames(rule));
    for (const [how, chunks] of cuts(rule, role)) {
      const endpoint = new EchoEndpoint(role, rule.limits);
      // The machine unmasks in place, so each run gets bytes of its own.
      for (const chunk of chunks) endpoint.machine.receive(Uint8Array.from(chunk));
      expect(readable(endpoint.sent), how).toEqual(want);
      expect(endpoint.machine.state, how).toBe(rule.end.type === 'open' ? 'open' : 'closing');
      endpoint.machine.eof();
      expect(endpoint.outcomes, how).toEqual([outcomeOf(rule)]);
    }
  });

  const failing = own.flatMap((rule) => {
    const count = bytesUntilFailure(rule, role);
    return count === null ? [] : [[rule.id, count, rule] as const];
  });

  it.each(failing)('%s: fails with byte %i, not before it and not later', (_, count, rule) => {
    const bytes = Buffer.concat(rule.input.map((frame) => encodePeerFrame(frame, role)));
    const { machine } = new EchoEndpoint(role, rule.limits);
    machine.receive(Uint8Array.from(bytes.subarray(0, count - 1)));
    expect(machine.state).toBe('open');
    machine.receive(Uint8Array.from(bytes.subarray(count - 1, count)));
    expect(machine.state).toBe('closing');
  });
});

it('gives every rule a name of its own, a section and a sentence', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, section, title } of rules) {
    expect(id).toMatch(/^[a-z0-9]+\.[A-Za-z0-9^-]+$/);
    expect(section).toMatch(/^\d+(\.\d+)*$/);
    expect(title).toMatch(/^[A-Z].*\.$/);
  }
});
