import { afterEach, expect, it } from 'vitest';
import { endSoakPrograms, runSoakProgram } from './soak-program.ts';

afterEach(endSoakPrograms);

it('holds no more than a window of 1 GiB that goes to a reader ten times slower, whichever way it goes', async () => {
  const { code, output } = await runSoakProgram('slow-reader.ts', ['--mib', '1024']);

  expect(output).toMatch(/^a slow reader of a stream: 1024 MiB .*\na slow reader of an upload: 1024 MiB .*\n$/);
  expect(code).toBe(0);
}, 180_000);
