/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'frame-stands-alone',
      comment: 'frame turns bytes into WebSocket messages and knows nothing else',
      severity: 'error',
      from: { path: '^packages/frame/src' },
      to: { pathNot: '^packages/frame/src' },
    },
    {
      name: 'core-has-no-io',
      comment: 'core is given clock, randomness and transport',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { pathNot: ['^packages/core/src', 'node_modules/(superjson|@standard-schema)'] },
    },
    {
      name: 'node-uses-frame-only',
      severity: 'error',
      from: { path: '^packages/node/src' },
      to: { path: '^packages/(?!node/|frame/)' },
    },
    {
      name: 'server-below-adapters-has-no-sockets',
      severity: 'error',
      from: { path: '^packages/server/src/(?!adapters/)' },
      to: { path: ['^packages/(?!server/|core/)', '^(node:)?(net|http|https|tls|http2|fs)$'] },
    },
    {
      name: 'client-imports-core-and-the-node-transport',
      severity: 'error',
      from: { path: '^packages/client/src' },
      to: { path: '^packages/(?!client/|core/|node/)' },
    },
    {
      name: 'only-the-node-transport-imports-the-engine',
      comment: 'a browser bundle ships no frame codec',
      severity: 'error',
      from: { path: '^packages/client/src', pathNot: '^packages/client/src/transports/node\\.ts$' },
      to: { path: '^packages/(node|frame)/' },
    },
    {
      name: 'bindings-connect-stores-and-nothing-else',
      comment: 'a hook that needs a second thought belongs in client',
      severity: 'error',
      from: { path: '^packages/(react|vue|query)/src' },
      to: {
        pathNot: [
          '^packages/$1/src',
          '^packages/(client|core)/src',
          'node_modules/(react|@types/react|vue|@tanstack/query-core)/',
        ],
      },
    },
    {
      name: 'nothing-imports-its-own-index',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src' },
      to: { path: '^packages/$1/src/(index|internal|internal-callee)\\.ts$' },
    },
    {
      name: 'tests-stay-out-of-sources',
      severity: 'error',
      from: { path: '^packages/[^/]+/src' },
      to: { path: '^packages/[^/]+/test' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      conditionNames: ['@typewire/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
