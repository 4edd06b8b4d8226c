import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, type ProjectReflection } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { repository, root, site } from '../repository.ts';
import { entryPoints } from './entry-points.ts';
import { describeOptions } from './options.ts';

/** Where the reference is written: into the site, and not into the repository. */
const output = join(site, 'reference');

const markdown: Partial<PluginOptions> = {
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
};

const app = await Application.bootstrapWithPlugins({
  entryPoints: entryPoints.map(({ file }) => join(root, file)),
  tsconfig: join(root, 'tsconfig.tests.json'),
  plugin: ['typedoc-plugin-markdown'],
  basePath: root,
  name: 'API',
  out: output,
  readme: 'none',
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  // The sources are checked by the repository's own run of the compiler.
  skipErrorChecking: true,
  sourceLinkTemplate: `${repository}/blob/main/packages/{path}#L{line}`,
  disableGit: true,
  logLevel: 'Error',
  ...(markdown as object),
});

const project = await app.convert();
if (project === undefined) throw new Error('typedoc could not read the entry points');
nameModules(project);
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
await app.generateOutputs(project);
shortenNames();
const [first] = app.getEntryPoints() ?? [];
if (first === undefined) throw new Error('typedoc has no program of the entry points');
writeFileSync(join(output, 'options.md'), describeOptions(first.program));

/** Modules bear the names they are imported by, rather than those of their files. */
function nameModules({ children = [] }: ProjectReflection): void {
  for (const module of children) {
    const path = module.sources?.[0]?.fullFileName ?? module.name;
    const entry = entryPoints.find(({ file }) => path.endsWith(file));
    if (entry !== undefined) module.name = entry.name;
  }
}

/** `client.md` instead of `@typewire.client.md`, which makes for better addresses; and links that the site's headings have. */
function shortenNames(): void {
  const pages = new Map(
    readdirSync(output).map((file) => {
      const text = readFileSync(join(output, file), 'utf8').replaceAll('](@typewire.', '](');
      rmSync(join(output, file));
      return [file.replace('@typewire.', ''), text];
    }),
  );
  for (const [file, text] of pages) {
    // Typedoc numbers names that it shows in tables as well, which makes no headings.
    const linked = text.replace(
      /\(([\w.]+\.md)?#([\w-]+?)-(\d+)\)/g,
      (link, page = '', name: string, number: string) =>
        countHeadings(pages.get(page || file) ?? '', name) > Number(number) ? link : `(${page}#${name})`,
    );
    writeFileSync(join(output, file), linked);
  }
}

function countHeadings(page: string, name: string): number {
  const titles = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.replaceAll(/\\|~~|[`()]|<.*>/g, ''));
  return titles.filter((title) => title.toLowerCase() === name).length;
}
