import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A tarball of each package, as users are given it: by name, an absolute path. The packages have been built. */
export async function packAll(folder: string): Promise<Map<string, string>> {
  const tarballs = new Map<string, string>();
  for (const entry of await readdir(join(root, 'packages'))) {
    const { stdout } = await run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], {
      cwd: join(root, 'packages', entry),
    });
    const [packed] = JSON.parse(stdout) as [{ name: string; filename: string }];
    tarballs.set(packed.name, join(folder, packed.filename));
  }
  return tarballs;
}

/** A folder outside of the repository, gone at the end; `KEEP=1` leaves it there and says where. */
export async function inEmptyFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'typewire-walk-'));
  try {
    await work(folder);
  } finally {
    if (process.env['KEEP'] === '1') console.log(`left in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A project of a newcomer, with its dependencies installed: names of ours stand for what was packed. Ours depend on each other by a
 * version that is published nowhere yet, so each is overridden by its tarball.
 */
export async function newProject(
  folder: string,
  tarballs: ReadonlyMap<string, string>,
  manifest: { readonly type: 'module' | 'commonjs'; readonly dependencies: Readonly<Record<string, string>> },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const ours = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies).map(([name, version]) => [name, ours[name] ?? version]),
  );
  // npm refuses an override that differs from a direct dependency, and `$name` is how the same is said.
  const overrides = Object.fromEntries(
    Object.keys(ours).map((name) => [name, name in dependencies ? `$${name}` : (ours[name] as string)]),
  );
  const text = JSON.stringify(
    { name: 'newcomer', private: true, type: manifest.type, dependencies, overrides },
    null,
    2,
  );
  await writeFile(join(folder, 'package.json'), text);
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** Runs a program in a project; what it said is in the error when it fails. */
export async function runIn(folder: string, command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(command, args, {
      cwd: folder,
      timeout: 120_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}, in ${folder}:\n${stdout}${stderr}`);
  }
}

export async function copyFrom(url: URL, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), await readFile(new URL(name, url)));
}
