import { expect, it } from 'vitest';
import { Board } from '../server/board.ts';
import { Boards } from '../server/boards.ts';
import { MAX_BOARD_POINTS, MAX_STROKE_POINTS, POINT_SIZE, type Stroke } from '../shared/ink.ts';

function stroke(id: string, by: string, points = 1): Stroke {
  return { id, by, colour: 'ink', width: 3, points: new Array<number>(points * POINT_SIZE).fill(0) };
}

it('takes a stroke once, however often it is sent', () => {
  const board = new Board();
  expect(board.add(stroke('a', 'ann'))).toBe(true);
  expect(board.add(stroke('a', 'ann'))).toBe(true);
  expect(board.strokes).toHaveLength(1);
});

it('belongs to who drew what is oldest on it', () => {
  const board = new Board();
  expect(board.owner).toBe(null);
  board.add(stroke('a', 'ann'));
  board.add(stroke('b', 'ben'));
  expect(board.owner).toBe('ann');
  board.remove(stroke('a', 'ann'));
  expect(board.owner).toBe('ben');
  board.clear();
  expect(board.owner).toBe(null);
});

it('refuses what it has no room for, and has room again for what was taken off', () => {
  const board = new Board();
  const full = MAX_BOARD_POINTS / MAX_STROKE_POINTS;
  for (let index = 0; index < full; index++) board.add(stroke(String(index), 'ann', MAX_STROKE_POINTS));
  expect(board.add(stroke('one more', 'ann'))).toBe(false);
  board.remove(stroke('0', 'ann', MAX_STROKE_POINTS));
  // A second time changes nothing: there is no room for two.
  board.remove(stroke('0', 'ann', MAX_STROKE_POINTS));
  expect(board.add(stroke('large', 'ann', MAX_STROKE_POINTS))).toBe(true);
  expect(board.add(stroke('one more', 'ann'))).toBe(false);
});

it('keeps a hundred boards, and forgets the one that nobody drew on for longest', () => {
  const boards = new Boards();
  const first = boards.open('0');
  for (let index = 1; index < 100; index++) boards.open(String(index));
  expect(boards.open('0')).toBe(first);
  boards.open('one more');
  expect(boards.find('0')).toBe(first);
  expect(boards.find('1')).toBe(undefined);
});
