import type { Transport } from '@typewire/core';
import type { Link } from '@typewire/core/internal';

/** One attempt to connect, and the connection that came of it. */
export class Attempt {
  link: Link | null = null;
  transport: Transport | null = null;
  /** When it is given up, as long as there is no link with a deadline of its own. */
  readonly openBy: number;

  constructor(openBy: number) {
    this.openBy = openBy;
  }

  get deadline(): number {
    return this.link?.deadline ?? this.openBy;
  }

  /** What was said in this very tick still leaves. */
  close(code: number): void {
    if (this.link !== null) this.link.close(code, '');
    else this.transport?.close(code, '');
  }
}
