/** The build splits files, and imports of empty ones are noise when the paths are not below node_modules. */
const quiet = (config) => ({ ...config, logLevel: 'error' });

/** Ratchets: lower them when the code shrinks. The goal without superjson is 8 kB. */
export default [
  {
    name: 'client, without superjson',
    path: 'packages/client/dist/json.js',
    import: '{ createClient }',
    limit: '21.6 kB',
    gzip: true,
    modifyEsbuildConfig: quiet,
  },
  {
    name: 'client with superjson',
    path: 'packages/client/dist/index.js',
    import: '{ createClient }',
    limit: '27.7 kB',
    gzip: true,
    modifyEsbuildConfig: quiet,
  },
];
