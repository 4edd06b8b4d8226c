import { describe, expect, it } from 'vitest';
import { median, percentile } from './median.ts';

describe('median', () => {
  it('takes the middle of an odd count, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('takes the mean of the two middle values of an even count', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('compares numbers, not their digits', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('interpolates between ranks', () => {
    expect(percentile([0, 10], 25)).toBe(2.5);
    expect(percentile([0, 10, 20], 100)).toBe(20);
    expect(percentile([7], 99)).toBe(7);
  });
});
