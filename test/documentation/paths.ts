import { existsSync, readdirSync, statSync } from 'node:fs';

/** Paths that exist and match `pattern`, in which a `*` stands for part of one name. Node 20 has no glob of its own. */
export function expand(pattern: string): string[] {
  let found = [''];
  for (const part of pattern.replace(/\/$/, '').split('/')) {
    found = found.flatMap((folder) =>
      namesIn(folder, part).map((name) => (folder === '' ? name : `${folder}/${name}`)),
    );
  }
  return found;
}

function namesIn(folder: string, part: string): string[] {
  if (!part.includes('*')) return existsSync(folder === '' ? part : `${folder}/${part}`) ? [part] : [];
  const [before = '', after = ''] = part.split('*');
  const names = statSync(folder || '.', { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder || '.') : [];
  return names.filter((name) => name !== 'node_modules' && name.startsWith(before) && name.endsWith(after));
}
