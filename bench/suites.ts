import type { Suite } from './harness/suite.ts';

/** Imported on demand, so that a suite whose subject does not load cannot stop the others. */
export const suites = {
  calls: () => import('./calls/suite.ts'),
  engine: () => import('./engine/suite.ts'),
} satisfies Record<string, () => Promise<{ suite: Suite }>>;

export const suiteNames = Object.keys(suites);

export function isSuiteName(name: string): name is keyof typeof suites {
  return Object.hasOwn(suites, name);
}
