import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { chromiumArguments, chromiumPath, hasChromium } from './vitest.chromium.ts';

const source = '@typewire/source';
const fromSource = {
  esbuild: { jsx: 'automatic' as const },
  resolve: { conditions: [source, ...defaultServerConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
};

if (!hasChromium) {
  console.warn(
    `The tests that need a browser are skipped: there is no Chromium at ${chromiumPath} (see CHROMIUM_PATH).`,
  );
}

/** The oldest React and Vue that are promised, in place of those of the repository. */
const oldest = `${import.meta.dirname}/test/oldest/node_modules`;
const oldestFrameworks = [
  // It says by `exports` which file is for a browser, and those are not looked at behind an alias.
  { find: /^react-dom\/server$/, replacement: `${oldest}/react-dom/server.browser.js` },
  ...['react-dom', 'react', 'vue'].map((name) => ({
    find: new RegExp(`^${name}(?=/|$)`),
    replacement: `${oldest}/${name}`,
  })),
];

function inBrowser(name: string, include: string[], globalSetup: string[] = [], alias: typeof oldestFrameworks = []) {
  return {
    esbuild: { jsx: 'automatic' as const },
    resolve: { conditions: [source, ...defaultClientConditions], alias },
    define: {
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    // Found while a test runs they would have it start over.
    optimizeDeps: {
      include: [
        'vue',
        'vue/server-renderer',
        'vitest-browser-vue',
        '@tanstack/react-query',
        '@tanstack/vue-query',
        'react',
        'react/jsx-dev-runtime',
        'react-dom/client',
        'react-dom/server',
        'vitest-browser-react',
        'zod',
        'superjson',
      ],
    },
    test: {
      name,
      include,
      globalSetup,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: chromiumPath, args: chromiumArguments } }),
        instances: [{ browser: 'chromium' as const }],
      },
    },
  };
}

export default defineConfig({
  test: {
    // Two test files at once is what two cores carry without turning scheduling into a test result.
    maxWorkers: 2,
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'packages/*/test/**/*.test.{ts,tsx}',
            'docs/test/**/*.test.ts',
            'bench/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.{ts,tsx}', '**/*.e2e.test.ts'],
          // Only against a test that hangs: how long one takes says something of the machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/test/**/*.test-d.{ts,tsx}'],
            tsconfig: './tsconfig.tests.json',
          },
        },
      },
      {
        ...fromSource,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['{examples,packages}/*/test/**/*.e2e.test.ts', 'docs/test/**/*.e2e.test.ts'],
          // Browsers and servers of several tests share the machine: once more tells a busy one from a broken one.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...(hasChromium
        ? [
            inBrowser(
              'browser',
              ['packages/*/test/**/*.browser.test.{ts,tsx}'],
              ['./packages/testing/test/transport-peer.setup.ts'],
            ),
            inBrowser(
              'browser-oldest',
              [
                'test/oldest/*.browser.test.ts',
                ...['react', 'vue', 'query'].map((name) => `packages/${name}/test/**/*.browser.test.{ts,tsx}`),
              ],
              [],
              oldestFrameworks,
            ),
          ]
        : []),
    ],
  },
});
