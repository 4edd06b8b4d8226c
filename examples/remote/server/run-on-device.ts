import { isCallError } from '@typewire/core';
import type { Fail } from '@typewire/server';
import { Busy, type Line } from '../shared/command.ts';

interface RunErrors {
  OFFLINE: { device: string };
  BUSY: Busy;
  BROKE_OFF: { reason: string };
}

/**
 * Passes on what a device prints, and why it refuses. What a client fails with never reaches another client by itself: here
 * we say what an operator may know.
 */
export async function* runOnDevice(lines: AsyncIterable<Line>, fail: Fail<RunErrors>): AsyncGenerator<Line, undefined> {
  try {
    yield* lines;
  } catch (error) {
    if (!isCallError(error)) throw error;
    switch (error.code) {
      case 'BUSY':
        throw fail('BUSY', Busy.parse(error.data), error.message);
      case 'NOT_FOUND':
      case 'FORBIDDEN':
      case 'INVALID_INPUT':
        throw fail(error.code, error.message);
      default:
        throw fail('BROKE_OFF', { reason: error.message });
    }
  }
}
