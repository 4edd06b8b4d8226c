import type { Suite } from './harness/suite.ts';

/** Imported on demand, so that a suite whose subject does not load cannot stop the others. */
export const suites = {
  calls: async () => (await import('./calls/suite.ts')).suite,
  engine: async () => (await import('./engine/suite.ts')).suite,
  fanout: async () => (await import('./fanout/suite.ts')).suite,
  types: async () => (await import('./types/suite.ts')).suite,
} satisfies Record<string, () => Promise<Suite>>;

export const suiteNames = Object.keys(suites);

export function isSuiteName(name: string): name is keyof typeof suites {
  return Object.hasOwn(suites, name);
}
