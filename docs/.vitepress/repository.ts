import { dirname, relative, resolve } from 'node:path';

/** Where the sources of the site can be read. */
export const repository = 'https://github.com/typewire/typewire';

/** The folder of the site, and the repository it stands in. */
export const site: string = resolve(import.meta.dirname, '..');
export const root: string = resolve(site, '..');

/**
 * The address of what a page links to outside of the site, such as a vector file or a package's page, or `null` when the
 * link stays inside. On GitHub the same links lead to the files beside the page.
 */
export function outsideAddress(href: string, page: string): string | null {
  if (/^(?:[a-z]+:|\/|#)/i.test(href)) return null;
  const [path = '', hash] = href.split('#');
  const target = resolve(dirname(page), path);
  if (!relative(site, target).startsWith('..')) return null;
  const kind = /\.\w+$/.test(path) ? 'blob' : 'tree';
  return `${repository}/${kind}/main/${relative(root, target)}${hash === undefined ? '' : `#${hash}`}`;
}
