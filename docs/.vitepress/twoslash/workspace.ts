import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * All blocks of the site as files of one program, each block in a folder of its own. One compiler then knows what a
 * hundred blocks share, the packages and the validator; with one program for each block the build takes a second a block.
 *
 * It stands where twoslash keeps its own environment, and so has the shape of that.
 */
export class Workspace {
  readonly languageService: ts.LanguageService;
  readonly #files = new Map<string, { readonly text: string; readonly version: number }>();
  readonly #diagnostics = new Map<string, { readonly version: number; readonly diagnostics: ts.Diagnostic[] }>();
  #version = 0;

  /** `shared` is a folder; what a block imports and does not have itself is looked for there. */
  constructor(shared: string, options: ts.CompilerOptions, globals: readonly string[]) {
    const service = ts.createLanguageService(this.#createHost(shared, options, globals));
    this.languageService = {
      ...service,
      getSemanticDiagnostics: (path) => this.#diagnose(service, path),
      getQuickInfoAtPosition: (path, position) => {
        this.#diagnose(service, path);
        return service.getQuickInfoAtPosition(path, position);
      },
    };
  }

  read(path: string): string | undefined {
    return this.#files.get(path)?.text;
  }

  createFile(path: string, text: string): void {
    const known = this.#files.get(path);
    // Twoslash empties the files of a block once it is done with them; here they stay.
    if (known !== undefined && (text === '' || known.text === text)) return;
    this.#version++;
    this.#files.set(path, { text, version: this.#version });
  }

  updateFile(path: string, text: string): void {
    this.createFile(path, text);
  }

  getSourceFile(path: string): ts.SourceFile | undefined {
    // Before anything is hovered: the type of an element of JSX that is asked for first leaves an error in its file.
    this.languageService.getSemanticDiagnostics(path);
    return this.languageService.getProgram()?.getSourceFile(path);
  }

  /** Asked before anything else is of a file: to be asked for `<p>` makes the compiler believe that `p` is not declared. */
  #diagnose(service: ts.LanguageService, path: string): ts.Diagnostic[] {
    const known = this.#diagnostics.get(path);
    if (known?.version === this.#version) return known.diagnostics;
    const diagnostics = service.getSemanticDiagnostics(path);
    this.#diagnostics.set(path, { version: this.#version, diagnostics });
    return diagnostics;
  }

  #createHost(shared: string, options: ts.CompilerOptions, globals: readonly string[]): ts.LanguageServiceHost {
    const files = this.#files;
    const cache = ts.createModuleResolutionCache(shared, (name) => name, options);
    const fileExists = (path: string) => files.has(path) || ts.sys.fileExists(path);
    const readFile = (path: string) => files.get(path)?.text ?? ts.sys.readFile(path);
    const directoryExists = (path: string) =>
      existsSync(path) || [...files.keys()].some((file) => dirname(file) === path);
    return {
      getCompilationSettings: () => options,
      getProjectVersion: () => String(this.#version),
      getScriptFileNames: () => [...globals, ...files.keys()],
      getScriptVersion: (path) => String(files.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => shared,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists,
      readFile,
      directoryExists,
      resolveModuleNameLiterals: (literals, containing, redirected, settings, source) =>
        literals.map((literal) => {
          const own = files.has(join(dirname(containing), literal.text));
          const beside = files.has(containing) && literal.text.startsWith('.') && !own;
          return ts.resolveModuleName(
            // In the reader's project it may stand in another folder: `../server/api.ts`.
            beside ? `./${basename(literal.text)}` : literal.text,
            beside ? join(shared, basename(containing)) : containing,
            settings,
            { fileExists, readFile, directoryExists },
            cache,
            redirected,
            ts.getModeForUsageLocation(source, literal, settings),
          );
        }),
      resolveTypeReferenceDirectiveReferences: (references, containing, redirected, settings) =>
        references.map((reference) => {
          const name = typeof reference === 'string' ? reference : reference.fileName;
          // What Vue's compiler writes into its output is relative to the working directory.
          if (!name.startsWith('.'))
            return ts.resolveTypeReferenceDirective(name, containing, settings, ts.sys, redirected);
          return { resolvedTypeReferenceDirective: { primary: true, resolvedFileName: resolve(name) } };
        }),
    };
  }
}
