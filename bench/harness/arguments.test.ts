import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('readArguments', () => {
  it('needs no more than a suite', () => {
    expect(readArguments(['calls'])).toEqual({
      suite: 'calls',
      rounds: 7,
      quick: false,
      jsonFile: null,
      caseFilter: '',
      pin: 'separate-cores',
    });
  });

  it('takes options on either side of the suite', () => {
    expect(
      readArguments(['--quick', '--rounds', '5', 'calls', '--json', 'a.json', '--case', 'add', '--no-pin']),
    ).toEqual({ suite: 'calls', rounds: 5, quick: true, jsonFile: 'a.json', caseFilter: 'add', pin: 'none' });
  });

  it('runs fewer rounds when quick, unless told', () => {
    expect(readArguments(['calls', '--quick'])?.rounds).toBe(3);
    expect(readArguments(['calls', '--rounds', '9', '--quick'])?.rounds).toBe(9);
  });

  it.each([
    [['--quick']],
    [['calls', 'engine']],
    [['calls', '--fast']],
    [['calls', '--rounds']],
    [['calls', '--rounds', '0']],
    [['calls', '--rounds', '101']],
    [['calls', '--json', '--quick']],
  ])('refuses %j', (words) => {
    expect(readArguments(words)).toBeNull();
  });
});
