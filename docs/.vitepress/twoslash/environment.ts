import type { createTwoslasher } from 'twoslash-vue';
import ts from 'typescript';
import type { Workspace } from './workspace.ts';

/** What twoslash uses of a compiler. */
export type Environment = Pick<Workspace, 'createFile' | 'updateFile' | 'getSourceFile' | 'languageService'>;

type TwoslashCache = NonNullable<ReturnType<ReturnType<typeof createTwoslasher>['getCacheMap']>>;
type TwoslashEnvironment = TwoslashCache extends Map<string, infer Value> ? Value : never;

/** Gives twoslash one environment for every block, where it would make one for each set of compiler options. */
export class EnvironmentCache extends Map<string, TwoslashEnvironment> {
  readonly #environment: TwoslashEnvironment;

  constructor(environment: Environment) {
    super();
    this.#environment = environment as TwoslashEnvironment;
  }

  override has(key: string): boolean {
    return !isVue(key) || super.has(key);
  }

  override get(key: string): TwoslashEnvironment | undefined {
    return isVue(key) ? super.get(key) : this.#environment;
  }
}

/** Under these keys the compiler of Vue's single-file components is kept. */
function isVue(key: string): boolean {
  return key.startsWith('vue:');
}

/**
 * Lets twoslash split blocks into their files, which go into the workspace, and stops it before it asks the compiler: with
 * all blocks known beforehand the program is made once.
 */
export function collect(workspace: Workspace, prepare: (cache: EnvironmentCache) => ReadonlyArray<() => void>): void {
  const collecting: Environment = {
    createFile: (path, text) => workspace.createFile(path, text),
    updateFile: () => {},
    getSourceFile: (path) => ts.createSourceFile(path, workspace.read(path) ?? '', ts.ScriptTarget.Latest, true),
    languageService: new Proxy({} as ts.LanguageService, {
      get: () => () => {
        throw new Error('the files of the block are known');
      },
    }),
  };
  for (const run of prepare(new EnvironmentCache(collecting))) {
    try {
      run();
    } catch {
      // Enough is known; and a mistake in the block is reported when its page is rendered.
    }
  }
}
