import type { Options } from 'tsup';
import { inlineCodes } from './tsup.inline-codes.ts';

/**
 * One shape for every package: a file out for each file in, so that bundlers drop what is not imported.
 * Declarations come from `tsc -b`.
 */
export const packageBuild: Options = {
  entry: ['src/**/*.ts', '!src/**/*.d.ts', '!src/texts/*.ts'],
  format: ['esm'],
  target: 'es2022',
  splitting: true,
  sourcemap: true,
  clean: false,
  dts: false,
  external: [/^#/],
  esbuildPlugins: [inlineCodes],
};

/** What `#texts` leads to, as it stands: only of a `const` bundlers know at once which of two texts is never taken. */
export const textsBuild: Options = {
  ...packageBuild,
  entry: { 'texts/full': 'src/texts/full.ts', 'texts/short': 'src/texts/short.ts' },
  bundle: false,
};
