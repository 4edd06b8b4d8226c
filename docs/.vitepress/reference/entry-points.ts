import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository.ts';

export interface EntryPoint {
  /** What is imported, as `@typewire/server/node`. */
  readonly name: string;
  /** Its source, from the repository's root. */
  readonly file: string;
}

/** The order in which packages are of use; those that are not named follow. */
const order = ['server', 'client', 'react', 'vue', 'query', 'core', 'node', 'frame', 'testing'];

/** Everything that the packages export to their users. What only sibling packages import is left out. */
export const entryPoints: readonly EntryPoint[] = readdirSync(join(root, 'packages'))
  .sort((a, b) => rank(a) - rank(b))
  .flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly exports: Record<string, { readonly '@typewire/source'?: string }>;
    };
    return Object.entries(exports).flatMap(([path, { '@typewire/source': source }]) =>
      source === undefined || path.startsWith('./internal')
        ? []
        : [{ name: join(name, path), file: join('packages', folder, source) }],
    );
  });

function rank(folder: string): number {
  const place = order.indexOf(folder);
  return place === -1 ? order.length : place;
}
