import { it } from 'vitest';
import { expectSeedsToHold } from './expect-seeds.ts';

it('keeps every promise under whatever the seeds 1001 to 2000 bring', () => expectSeedsToHold(1001, 2000), 300_000);
