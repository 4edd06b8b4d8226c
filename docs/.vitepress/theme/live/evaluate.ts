import { transform } from 'sucrase';

/** The exports of modules by the names they are imported under. */
export type Modules = Readonly<Record<string, unknown>>;

type Exports = Record<string, unknown>;

const AsyncFunction = (async () => {}).constructor as new (
  ...source: string[]
) => (require: (name: string) => unknown, exports: Exports) => Promise<void>;

/**
 * Runs TypeScript as a module in this page and resolves to its exports. Types are dropped, not checked.
 *
 * @throws {Error} what the code throws, or says where it cannot be read.
 */
export async function evaluate(file: string, source: string, modules: Modules): Promise<Exports> {
  const exports: Exports = {};
  const run = new AsyncFunction('require', 'exports', `${transpile(file, source)}\n//# sourceURL=${file}`);
  await run((name) => {
    if (!Object.hasOwn(modules, name)) {
      throw new Error(`${file}: there is no “${name}” here; there are ${Object.keys(modules).join(', ')}`);
    }
    return modules[name];
  }, exports);
  return exports;
}

function transpile(file: string, source: string): string {
  try {
    return transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code;
  } catch (error) {
    throw new SyntaxError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
