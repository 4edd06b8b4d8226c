import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LOGS } from '../../shared/command.ts';
import type { CommandArguments } from './command-arguments.ts';

/** Bytes that are read at once: the last lines are looked for in as many, and a longer line comes in parts. */
const CHUNK_BYTES = 16_384;
const POLL_MS = 200;
const MAX_LINE_LENGTH = 500;

interface TailInput {
  readonly log: (typeof LOGS)[number];
  readonly lines: number;
}

/** The last lines of a log, and then those that are written, until it is cancelled. */
export async function* tail({ log, lines }: TailInput, args: CommandArguments): AsyncGenerator<string> {
  // Names of logs are all that a command can say: paths are never put together of what comes in.
  const path = log === 'device' ? args.journal.path : '/var/log/syslog';
  const file = await open(path).catch(() => {
    throw args.notFound(`this device has no ${log} log`);
  });
  try {
    const { size } = await file.stat();
    let position = Math.max(0, size - CHUNK_BYTES);
    let rest = '';
    let isFirst = true;
    for (;;) {
      const text = await read(file, position);
      position += text.length;
      const [...whole] = (rest + text.toString()).split('\n');
      rest = whole.pop() ?? '';
      for (const line of isFirst ? lastOf(whole, lines) : whole) yield line.slice(0, MAX_LINE_LENGTH);
      isFirst = false;
      if (rest.length > MAX_LINE_LENGTH) rest = rest.slice(-MAX_LINE_LENGTH);
      if (text.length < CHUNK_BYTES) await sleep(POLL_MS, undefined, { signal: args.signal });
    }
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

function lastOf(lines: readonly string[], count: number): readonly string[] {
  return count === 0 ? [] : lines.slice(-count);
}
