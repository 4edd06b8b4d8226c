import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { declare, serve } from './failure-service.ts';
import { type Subject, subjects } from './failure-subjects.ts';
import { failures } from './failures.ts';

// What is promised under which failure: one test for each failure and each kind of request.

type Expected = Record<keyof typeof subjects, string>;

/** As if nothing had happened. */
const unnoticed: Expected = {
  'a mutation that runs': 'resolves, ran 1',
  'a mutation on its way': 'resolves, ran 1',
  'a mutation whose answer is on its way': 'resolves, ran 1',
  'a mutation with a key that runs': 'resolves, ran 1',
  'a mutation with a key on its way': 'resolves, ran 1',
  'a mutation with a key whose answer is on its way': 'resolves, ran 1',
  'a mutation made meanwhile': 'resolves, ran 1',
  'a query that runs': 'resolves',
  'a stream': 'left after 43, its producer left',
  'a channel without history': 'one two three',
  'a channel with history': 'one two three',
  'a publication made meanwhile': 'resolves, heard 1',
};

/** The session is gone, its server is not: histories are there. */
const sessionLost: Expected = {
  ...unnoticed,
  'a mutation that runs': 'DISCONNECTED unknown, ran 1',
  'a mutation on its way': 'DISCONNECTED unknown, ran 0',
  'a mutation whose answer is on its way': 'DISCONNECTED unknown, ran 1',
  'a stream': 'DISCONNECTED unknown after 3, its producer left',
  'a channel without history': 'one gap three',
};

/** All that the server knew is gone. */
const serverLost: Expected = {
  ...sessionLost,
  'a mutation with a key that runs': 'resolves, ran 2',
  'a mutation with a key whose answer is on its way': 'resolves, ran 2',
  'a channel with history': 'one gap three',
};

const matrix: Record<keyof typeof failures, Expected> = {
  'a lost connection': unnoticed,
  'a connection that only the client knows is lost': unnoticed,
  'an absence longer than sessions are kept': sessionLost,
  'more missed than is kept': sessionLost,
  'a server that crashes': serverLost,
  'a server that drains': serverLost,
  'a client that is closed': {
    ...sessionLost,
    'a mutation with a key that runs': 'DISCONNECTED unknown, ran 1',
    'a mutation with a key on its way': 'DISCONNECTED unknown, ran 0',
    'a mutation with a key whose answer is on its way': 'DISCONNECTED unknown, ran 1',
    'a mutation made meanwhile': 'DISCONNECTED unknown, ran 1',
    'a query that runs': 'DISCONNECTED unknown',
    'a channel without history': 'one two closed',
    'a channel with history': 'one two closed',
    'a publication made meanwhile': 'resolves, heard 1',
  },
};

const cases = Object.entries(matrix).flatMap(([failure, row]) =>
  Object.entries(row).map(([subject, expected]) => ({ failure, subject, expected })),
) as Array<{ failure: keyof typeof failures; subject: keyof typeof subjects; expected: string }>;

it.each(cases)('$subject, over $failure: $expected', async ({ failure, subject, expected }) => {
  const service = declare();
  const served = await serve(service);
  // Something to miss.
  served.client.api.noise.subscribe();
  await settled();
  const { away, outcome } = await (subjects[subject] as Subject).begin(served, service);

  await failures[failure](served, service, away ?? (async () => {}));

  expect(await outcome()).toBe(expected);
});
