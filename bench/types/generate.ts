import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Dialect, dialects } from './dialects.ts';

/** Procedures of one file, which is also one router. */
const perFile = 20;

export interface ProjectSize {
  /** Procedures of the server, in files of 20. */
  procedures: number;
  /** How many of them the client calls, spread over all files. */
  called: number;
}

/**
 * Writes a program of this size into `folder`: the routers, the file that joins them and a client that calls some of
 * them and uses what it gets. All dialects declare the same schemas and run the same handlers.
 */
export function generateProject(folder: string, dialect: Dialect, { procedures, called }: ProjectSize): void {
  const { base, procedure, router, clientHead, call } = dialects[dialect];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const all = Array.from({ length: procedures }, (_, index) => index);
  const files = all.filter((index) => index % perFile === 0).map((index) => index / perFile);
  for (const file of files) {
    write(`r${file}.ts`, [
      "import { z } from 'zod';",
      "import { t } from './base.ts';",
      `export const r${file} = ${router[0]}`,
      ...all
        .slice(file * perFile, (file + 1) * perFile)
        .map((index) => `  ${nameOf(index)}: ${procedure(isQuery(index) ? 'query' : 'mutation', schemaOf(index))},`),
      `${router[1]};`,
    ]);
  }
  write('base.ts', base);
  write('api.ts', [
    "import { t } from './base.ts';",
    ...files.map((file) => `import { r${file} } from './r${file}.ts';`),
    `export const api = ${router[0]} ${files.map((file) => `r${file}`).join(', ')} ${router[1]};`,
    'export { t };',
  ]);
  const step = Math.max(1, Math.floor(procedures / called));
  const calls = all.filter((index) => index % step === 0).slice(0, called);
  write('client.ts', [
    ...clientHead,
    'export async function run(): Promise<string> {',
    "  let text = '';",
    ...calls.flatMap((index) =>
      call({
        path: [`r${Math.floor(index / perFile)}`, nameOf(index)],
        verb: isQuery(index) ? 'query' : 'mutate',
        input: inputOf(index),
        name: `c${index}`,
      }),
    ),
    '  return text;',
    '}',
  ]);
  write('tsconfig.json', [JSON.stringify({ compilerOptions, include: ['*.ts'] })]);
}

/** Three fields, one with a name of its own, so that no type comes from the compiler's cache; every fourth one nests. */
function schemaOf(index: number): string {
  const at = nests(index) ? `z.object({ ${ownField(index)}: z.number(), by: z.string() })` : 'z.number()';
  return `z.object({ id: z.string(), ${ownField(index)}: z.string().optional(), at: ${at} })`;
}

function inputOf(index: number): string {
  return `{ id: 'x', at: ${nests(index) ? `{ ${ownField(index)}: 1, by: 'me' }` : '1'} }`;
}

const nameOf = (index: number): string => `p${index % perFile}`;
const ownField = (index: number): string => `own${index}`;
const isQuery = (index: number): boolean => index % 2 === 0;
const nests = (index: number): boolean => index % 4 === 3;

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};
