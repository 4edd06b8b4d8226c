import { describeUnread } from '../client/view/log-scroll.ts';
import type { Wire } from '../client/wire.ts';
import { Divider } from './divider.tsx';
import { Message } from './message.tsx';
import { useConversation } from './use-conversation.ts';
import { useLogScroll } from './use-log-scroll.ts';
import type { UsedOutbox } from './use-outbox.ts';

interface MessageListProps {
  wire: Wire;
  room: string;
  me: string;
  outbox: UsedOutbox;
}

/** The messages of the room. */
export function MessageList({ wire, room, me, outbox }: MessageListProps) {
  const { rows, notice } = useConversation(wire, room, me, outbox);
  const { log, unread, toEnd } = useLogScroll(rows);
  return (
    <div className="log-frame">
      {/* The keyboard can scroll it: not every browser lets it do so unasked. */}
      <section
        ref={log}
        className="log"
        id="log"
        role="log"
        aria-live="polite"
        aria-label={`Messages in ${room}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className="notice" id="notice" hidden={rows.length > 0}>
          <strong>{notice.title}</strong>
          <span>{notice.text}</span>
        </div>
        <ol className="rows" id="rows">
          {rows.map((row) =>
            row.type === 'message' ? (
              <Message key={row.key} row={row} onSendAgain={outbox.sendAgain} />
            ) : (
              <Divider key={row.key} row={row} />
            ),
          )}
        </ol>
      </section>
      <button className="pill" id="pill" type="button" hidden={unread === 0} onClick={toEnd}>
        {describeUnread(unread)}
      </button>
    </div>
  );
}
