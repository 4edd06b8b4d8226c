import { readFileSync } from 'node:fs';
import { headDefaults } from '@typewire/frame';
import { connectionDefaults, deflateDefaults, halfOpenDefaults, shutdownDefaults } from '@typewire/node';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

/** First cells of the rows of all tables. */
const rows = [...readme.matchAll(/^\| (.*?) \| (.*?) \|/gm)].map(([, name = '', value = '']) => ({ name, value }));

describe('the README', () => {
  it.each([
    ['HandshakeError', '../../frame/src/handshake/handshake-error.ts', /^ {2}([A-Z_]+): (?:\d+|null),$/gm],
    ['ConnectError', '../src/connect-error.ts', /^ {2}\| '([A-Z_]+)'/gm],
  ])('has one entry for each code of %s', (_, path, pattern) => {
    const codes = [...read(path).matchAll(pattern)].map(([, code = '']) => code);
    expect(codes.length).toBeGreaterThan(5);
    for (const code of codes) {
      const entries = rows.filter(({ name }) => name === `\`${code}\``);
      // TIMED_OUT belongs to both classes.
      expect(entries.length, code).toBe(code === 'TIMED_OUT' ? 2 : 1);
    }
  });

  it('tells the defaults as they are', () => {
    const defaults = {
      ...connectionDefaults.server,
      ...headDefaults,
      ...halfOpenDefaults,
      ...deflateDefaults.server,
      timeoutMs: shutdownDefaults.timeoutMs,
    };
    for (const [option, value] of Object.entries(defaults)) {
      const row = rows.find(({ name }) => name === `\`${option}\``);
      expect(row?.value.split(';')[0]?.replaceAll('_', ''), option).toBe(String(value));
    }
  });
});
