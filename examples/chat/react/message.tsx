import { classOf, type MessageRow } from '../client/rows.ts';
import { formatClock, formatMoment } from '../client/time.ts';
import { Avatar } from './avatar.tsx';
import { MessageState } from './message-state.tsx';

interface MessageProps {
  row: MessageRow;
  onSendAgain: (id: string) => void;
}

/** One message. What React puts into the page is text, whatever somebody wrote. */
export function Message({ row, onSendAgain }: MessageProps) {
  const { from, text, at, isOwn } = row;
  return (
    <li className={classOf(row)} title={formatMoment(at)}>
      <Avatar name={from} />
      <div className="message-body">
        <p className="message-byline">
          <span className="message-author" dir="auto">
            {isOwn ? 'You' : from}
          </span>
          <time dateTime={at.toISOString()}>{formatClock(at)}</time>
        </p>
        <div className="bubble" dir="auto">
          {text}
        </div>
        <MessageState row={row} onSendAgain={onSendAgain} />
      </div>
    </li>
  );
}
