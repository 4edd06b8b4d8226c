import { expect, it } from 'vitest';
import { formatTable, shortNumber, verdict } from './table.ts';

it('says whether a target is met, and by how much it is not', () => {
  expect(verdict({ ratio: 2, target: 2 })).toBe('met');
  expect(verdict({ ratio: 2, target: 3 })).toBe('missing by 1.50 ×');
  expect(verdict({ ratio: 2, target: null })).toBe('');
  expect(verdict({ ratio: null, target: 2 })).toBe('not measured');
});

it('keeps three digits', () => {
  expect([0.567, 13.84, 131.9, 1_573.2].map(shortNumber)).toEqual(['0.57', '13.8', '132', '1,573']);
});

it('lines the columns up', () => {
  const row = { case: 'add', peer: 'ws', ours: 5, theirs: 13.8, ratio: 2.76, target: 2.5 };
  const unmeasured = { ...row, peer: 'socket.io', ours: null, ratio: null, target: null };
  const table = formatTable([
    { figure: 'µs', comparison: { row, spread: [2.5, 3] } },
    { figure: 'µs', comparison: { row: unmeasured, spread: null } },
  ]);
  expect(table.split('\n')).toEqual([
    'case  figure  peer       ours  theirs   ratio     rounds   target',
    'add   µs      ws         5.00    13.8  2.76 ×  2.50–3.00  ≥ 2.5 ×  met',
    'add   µs      socket.io     –    13.8       –          –        –',
  ]);
});
