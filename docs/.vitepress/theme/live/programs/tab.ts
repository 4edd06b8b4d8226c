import type { Connect } from '@typewire/core';

/** What the page gives the program of each of its two clients. */
export interface Screen {
  line(from: string, text: string, at: Date): void;
  note(text: string): void;
  people(names: readonly string[]): void;
  status(state: string, session: string | null): void;
  /** Called with what is typed below the messages. */
  onSay(say: (text: string) => Promise<void>): void;
}

export declare const me: string;
/** Opens connections to the server in this tab. */
export declare const connect: Connect;
export declare const screen: Screen;
