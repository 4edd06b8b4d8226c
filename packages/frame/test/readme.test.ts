import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FrameError, type FrameErrorCode } from '../src/errors.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('has one entry for each code of FrameError, with the close code', () => {
  const codes = [...read('../src/errors.ts').matchAll(/^ {2}\| '([A-Z_\d]+)'/gm)].map(([, code = '']) => code);
  const rows = [...read('../README.md').matchAll(/^\| `([A-Z_\d]+)` \| (\d+) \|/gm)].map(([, ...cells]) => cells);
  const want = codes.map((code) => [code, String(new FrameError(code as FrameErrorCode, '').closeCode)]);
  expect(codes.length).toBeGreaterThan(15);
  expect(rows.sort()).toEqual(want.sort());
});
