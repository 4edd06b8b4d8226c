import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const example = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the pages where the server looks for them. Each file comes there whole: another file of tests may have the same
 * build made, and a server started, at the same time.
 */
export async function buildPage(): Promise<void> {
  const outDir = join(example, '.cache', `build-${process.pid}`);
  await build({ configFile: join(example, 'vite.config.ts'), logLevel: 'error', build: { outDir, emptyOutDir: true } });
  for (const entry of await readdir(outDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(example, 'dist', from.slice(outDir.length));
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  }
  await rm(outDir, { recursive: true });
}
