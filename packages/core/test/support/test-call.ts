import { OutgoingCall, type OutgoingCallOptions } from '../../src/calls/outgoing-call.ts';
import type { CallError } from '../../src/errors.ts';

/** What an observer was told: the name, and the value or the error's code and delivery. */
export type Outcome = string | readonly [string, ...unknown[]];

/** A call that writes down what becomes of it. */
export class TestCall extends OutgoingCall {
  readonly outcomes: Outcome[];
  readonly errors: readonly CallError[];

  constructor(options: Partial<Omit<OutgoingCallOptions, 'observer'>> = {}, onFail: () => void = () => {}) {
    const outcomes: Outcome[] = [];
    const errors: CallError[] = [];
    super({
      kind: 'query',
      path: '"now"',
      input: '',
      deadline: Number.POSITIVE_INFINITY,
      credit: () => 8,
      observer: {
        result: (value) => void outcomes.push(['result', value]),
        item: (value) => void outcomes.push(['item', value]),
        end: () => void outcomes.push('end'),
        fail(error) {
          outcomes.push([error.code, error.delivery]);
          errors.push(error);
          onFail();
        },
      },
      ...options,
    });
    this.outcomes = outcomes;
    this.errors = errors;
  }
}
