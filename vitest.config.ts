import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { chromiumArguments, chromiumPath, hasChromium } from './vitest.chromium.ts';

const source = '@typewire/source';
const fromSource = {
  resolve: { conditions: [source, ...defaultServerConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
};

if (!hasChromium) {
  console.warn(
    `The tests that need a browser are skipped: there is no Chromium at ${chromiumPath} (see CHROMIUM_PATH).`,
  );
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
            'packages/*/test/**/*.test.ts',
            'docs/test/**/*.test.ts',
            'bench/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts', '**/*.e2e.test.ts'],
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
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: './tsconfig.tests.json',
          },
        },
      },
      {
        ...fromSource,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['examples/*/test/**/*.e2e.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...(hasChromium
        ? [
            {
              resolve: { conditions: [source, ...defaultClientConditions] },
              test: {
                name: 'browser',
                include: ['packages/*/test/**/*.browser.test.ts'],
                globalSetup: ['./packages/testing/test/transport-peer.setup.ts'],
                browser: {
                  enabled: true,
                  headless: true,
                  screenshotFailures: false,
                  provider: playwright({ launchOptions: { executablePath: chromiumPath, args: chromiumArguments } }),
                  instances: [{ browser: 'chromium' as const }],
                },
              },
            },
          ]
        : []),
    ],
  },
});
