import { reactive } from 'vue';
import type { Screen } from './programs/tab.ts';

export interface Line {
  /** Who said it; `null` for what the example itself has to say. */
  readonly from: string | null;
  readonly text: string;
  /** It was said while this client was away. */
  readonly late: boolean;
}

/** What one client of the example shows. */
export interface ClientView {
  readonly name: string;
  readonly lines: Line[];
  people: readonly string[];
  state: string;
  session: string | null;
  /** Whether its network is there. */
  online: boolean;
  /** Calls that have no answer yet. */
  waiting: number;
  /** When it was last cut off, in milliseconds since 1970. */
  awaySinceMs: number;
  readonly screen: Screen;
  say(text: string): Promise<void>;
  setOnline(online: boolean): void;
  reset(): void;
}

/** Most lines that are kept. */
const KEPT = 200;

export function createClientView(name: string): ClientView {
  let send: ((text: string) => Promise<void>) | null = null;
  let wasAway = false;
  let backAtMs = Number.POSITIVE_INFINITY;
  const view: ClientView = reactive<ClientView>({
    name,
    lines: [],
    people: [],
    state: 'connecting',
    session: null,
    online: true,
    waiting: 0,
    awaySinceMs: Number.POSITIVE_INFINITY,
    screen: {
      line(from, text, at) {
        add({ from, text, late: wasAway && at.getTime() >= view.awaySinceMs && at.getTime() <= backAtMs });
      },
      note: (text) => add({ from: null, text, late: false }),
      people: (names) => {
        view.people = names;
      },
      status(state, session) {
        view.state = state;
        view.session = session;
      },
      onSay: (say) => {
        send = say;
      },
    },
    async say(text) {
      if (send === null) return;
      view.waiting++;
      try {
        await send(text);
      } catch (error) {
        view.screen.note(error instanceof Error ? error.message : String(error));
      } finally {
        view.waiting--;
      }
    },
    setOnline(online) {
      view.online = online;
      if (online) backAtMs = Date.now();
      else {
        wasAway = true;
        view.awaySinceMs = Date.now();
        backAtMs = Number.POSITIVE_INFINITY;
      }
    },
    reset() {
      Object.assign(view, { lines: [], people: [], state: 'connecting', session: null, online: true, waiting: 0 });
      wasAway = false;
      send = null;
    },
  });
  return view;

  function add(line: Line): void {
    view.lines.push(line);
    if (view.lines.length > KEPT) view.lines.shift();
  }
}
