import { afterEach, expect, it } from 'vitest';
import { endSoakPrograms, runSoakProgram } from './soak-program.ts';

afterEach(endSoakPrograms);

it('keeps nothing of calls and streams that are over, however they ended', async () => {
  const { code, output } = await runSoakProgram('heap.ts', ['--calls', '24000', '--streams', '2400']);

  expect(output).toMatch(/^24000 calls and 2400 streams: .* MiB\n$/);
  expect(code).toBe(0);
}, 60_000);
