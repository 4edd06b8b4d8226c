import type { MessageRow } from '../client/rows.ts';

interface MessageStateProps {
  row: MessageRow;
  onSendAgain: (id: string) => void;
}

/** What becomes of a message of ours that is not in the room yet. */
export function MessageState({ row: { id, state, failure }, onSendAgain }: MessageStateProps) {
  return (
    <p className="message-state" hidden={state === 'sent'}>
      {state === 'sending' ? 'sending…' : failure}
      {state === 'failed' && (
        <>
          {' · '}
          <button className="link-button" type="button" onClick={() => onSendAgain(id)}>
            Send again
          </button>
        </>
      )}
    </p>
  );
}
