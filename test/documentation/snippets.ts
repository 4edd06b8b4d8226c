import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

export interface Snippet {
  /** The page and line it stands on, for the failure message. */
  readonly place: string;
  /** A file name if the first line is a comment with one, such as `// api.ts`. */
  readonly file: string | null;
  /** What the block says its language is: `ts` or `tsx`. */
  readonly extension: string;
  readonly code: string;
}

/** Every block of TypeScript on a page. */
export function readSnippets(page: string): Snippet[] {
  const lines = readFileSync(page, 'utf8').split('\n');
  const snippets: Snippet[] = [];
  for (let start = 0; start < lines.length; start++) {
    const extension = /^```(tsx?)$/.exec(lines[start] ?? '')?.[1];
    if (extension === undefined) continue;
    const end = lines.indexOf('```', start + 1);
    const body = lines.slice(start + 1, end);
    const file = /^\/\/ ([\w./-]+\.tsx?)$/.exec(body[0] ?? '')?.[1] ?? null;
    snippets.push({ place: `${page}:${start + 1}`, file, extension, code: body.join('\n') });
    start = end;
  }
  return snippets;
}

/** What snippets may use without declaring it: the reader's own code. */
const readersOwn = `declare global {
  function fetchToken(): Promise<string>;
  const cert: string;
  const key: string;
  const transport: {
    write(bytes: Uint8Array): void;
    end(): void;
    destroy(): void;
    onData: (chunk: Uint8Array) => void;
    onEnd: (error?: Error) => void;
  };
}
export {};
`;

const fixture = resolve('test/documentation/api.ts');

/**
 * Type-checks the snippets of each page together, as files of one folder: those with a name can import each other, and
 * `./api.ts` is the fixture when no snippet of the page bears that name. Gives what the compiler says, page by page.
 */
export function checkPages(pages: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const root = join(dirname(fixture), 'checked');
  const sources = new Map<string, string>([[join(root, 'readers-own.d.ts'), readersOwn]]);
  const places = new Map<string, Snippet & { readonly page: string }>();
  for (const page of pages) {
    const folder = join(root, page.replaceAll(/[/.]/g, '-'));
    sources.set(join(folder, 'api.ts'), readFileSync(fixture, 'utf8'));
    for (const [index, snippet] of readSnippets(page).entries()) {
      const path = join(folder, snippet.file ?? `snippet-${index}.${snippet.extension}`);
      sources.set(path, `${snippet.code}\nexport {};\n`);
      places.set(path, { ...snippet, page });
    }
  }
  const program = ts.createProgram([...sources.keys()], compilerOptions(), createHost(root, sources));
  const problems = new Map<string, string[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const found = places.get(diagnostic.file?.fileName ?? '');
    const page = found?.page ?? '';
    problems.set(page, [...(problems.get(page) ?? []), describe(diagnostic, found?.place)]);
  }
  return problems;
}

/** The compiler's view of the disk, with the snippets on it. */
function createHost(root: string, sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(compilerOptions());
  const { getSourceFile, fileExists, readFile, directoryExists } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.directoryExists = (path) => path.startsWith(root) || (directoryExists?.(path) ?? true);
  host.getSourceFile = (path, version, ...rest) => {
    const text = sources.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  return host;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.tests.json', ts.sys.readFile);
  return { ...ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.').options, noUnusedLocals: false };
}

function describe(diagnostic: ts.Diagnostic, place: string | undefined): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  const { file, start } = diagnostic;
  if (file === undefined) return text;
  const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
  return `${place ?? file.fileName}, line ${line} of it: ${text}`;
}
