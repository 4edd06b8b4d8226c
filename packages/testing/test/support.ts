import type { TransportListener } from '@typewire/core';
import { type MemoryPair, memoryPair } from '../src/memory-pair.ts';

/** A listener that writes down what it is told. */
export function recordingListener(): TransportListener & { readonly log: string[]; opened(): void } {
  const log: string[] = [];
  return {
    log,
    opened: () => void log.push('opened'),
    message: (data) => void log.push(`message ${String(data)}`),
    heard: (frame) => void log.push(`heard ${frame}`),
    closed: ({ code, reason }) => void log.push(`closed ${code} ${reason}`),
  };
}

export interface ListeningPair {
  readonly pair: MemoryPair;
  readonly left: string[];
  readonly right: string[];
}

export function listeningPair(): ListeningPair {
  const pair = memoryPair();
  const [left, right] = [recordingListener(), recordingListener()];
  pair.left.listen(left);
  pair.right.listen(right);
  return { pair, left: left.log, right: right.log };
}
