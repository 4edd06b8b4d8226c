/** The build splits files, and imports of empty ones are noise when the paths are not below node_modules. */
const quiet = (config) => ({
  ...config,
  logLevel: 'error',
  // As Vite and webpack have it for production: errors that are for whoever writes the program are numbers then.
  conditions: ['production', 'module'],
});

/** What a page loads before it is asked for more: without the chunks of `packages/client/src/parts.ts`. */
const first = (config) => ({
  ...quiet(config),
  format: 'esm',
  plugins: [
    {
      name: 'leave-out-what-is-loaded-later',
      setup: (build) =>
        build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
          kind === 'dynamic-import' ? { path, external: true } : undefined,
        ),
    },
  ],
});

/** All chunks together. */
const everything = (config) => ({ ...quiet(config), format: 'esm', splitting: true });

/** Ratchets, with what file names differ by from clone to clone: lower them when the code shrinks. The goal of the first is 8 kB. */
export default [
  {
    name: 'client, plain JSON: the first download',
    path: 'packages/client/dist/json.js',
    import: '{ createClient }',
    limit: '16.3 kB',
    gzip: true,
    modifyEsbuildConfig: first,
  },
  {
    name: 'client, plain JSON: with all that is loaded later',
    path: 'packages/client/dist/json.js',
    import: '{ createClient }',
    limit: '26 kB',
    gzip: true,
    modifyEsbuildConfig: everything,
  },
  {
    name: 'client with superjson: the first download',
    path: 'packages/client/dist/index.js',
    import: '{ createClient }',
    limit: '22.8 kB',
    gzip: true,
    modifyEsbuildConfig: first,
  },
  {
    name: 'react: all hooks and their stores, without React and what a client has brought',
    path: 'packages/react/dist/index.js',
    limit: '3.6 kB',
    gzip: true,
    ignore: ['react'],
    modifyEsbuildConfig: first,
  },
  {
    name: 'vue: all composables and their stores, without Vue and what a client has brought',
    path: 'packages/vue/dist/index.js',
    limit: '4.1 kB',
    gzip: true,
    ignore: ['vue'],
    modifyEsbuildConfig: first,
  },
  {
    name: 'query: all options, without what a client has brought',
    path: 'packages/query/dist/index.js',
    limit: '1.5 kB',
    gzip: true,
    modifyEsbuildConfig: first,
  },
];
