import { statfs } from 'node:fs/promises';
import { parse } from 'node:path';

const BAR_LENGTH = 24;

/** How full the disk is that this program runs on. */
export async function* disk(): AsyncGenerator<string> {
  const { root } = parse(process.cwd());
  const { bsize, blocks, bavail } = await statfs(root);
  const used = 1 - bavail / blocks;
  const filled = Math.round(used * BAR_LENGTH);
  yield `${root}  ${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)}  ${Math.round(used * 100)} % of ${inGigabytes(bsize * blocks)}`;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
