import { appendFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a device writes down of itself: a file that `tail` may read. */
export class Journal {
  readonly path: string;

  constructor(device: string) {
    const folder = join(tmpdir(), 'typewire-remote');
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${device}-${process.pid}.log`);
  }

  write(text: string): void {
    appendFileSync(this.path, `${new Date().toISOString()} ${text}\n`);
  }
}
