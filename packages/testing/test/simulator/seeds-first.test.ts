import { it } from 'vitest';
import { expectSeedsToHold } from './expect-seeds.ts';

it('keeps every promise under whatever the seeds 1 to 1000 bring', () => expectSeedsToHold(1, 1000), 300_000);
