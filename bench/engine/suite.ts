import type { Suite } from '../harness/suite.ts';

/** Placeholder: the engine's contenders and cases are not written yet. */
export const suite: Suite = { name: 'engine', ours: 'typewire', contenders: [], cases: [] };
