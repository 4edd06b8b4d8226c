import { expect, it } from 'vitest';
import { readCoreList } from './affinity.ts';

it.each([
  ["pid 7's current affinity list: 0,1", [0, 1]],
  ["pid 7's current affinity list: 0,2-4", [0, 2, 3, 4]],
  ["pid 7's current affinity list: 3", [3]],
  ['something else', []],
])('reads %s', (text, cores) => {
  expect(readCoreList(text)).toEqual(cores);
});
