import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { describeSpace, hasKeyboard, MAX_TEXT_LENGTH } from '../client/draft.ts';
import { fitHeight } from '../client/view/fit-height.ts';
import type { Wire } from '../client/wire.ts';
import { Icon } from './icon.tsx';
import { useTyping } from './use-typing.ts';

interface ComposerProps {
  wire: Wire;
  room: string;
  onSend: (text: string) => void;
}

/** Where one writes: Enter sends, Shift+Enter begins a new line. Each room keeps its own draft. */
export function Composer({ wire, room, onSend }: ComposerProps) {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, string>>(new Map());
  const typing = useTyping(wire, room);
  const input = useRef<HTMLTextAreaElement>(null);
  const text = drafts.get(room) ?? '';
  const space = describeSpace(text);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each room that is entered gets the focus
  useEffect(() => {
    if (hasKeyboard()) input.current?.focus();
  }, [room]);

  // After each rendering: what it shows may be another room's draft.
  useLayoutEffect(() => {
    if (input.current !== null) fitHeight(input.current);
  });

  function write(text: string): void {
    setDrafts(new Map(drafts).set(room, text));
    typing.wrote(text);
  }

  function send(): void {
    if (text.trim() === '') return;
    write('');
    input.current?.focus();
    onSend(text.trim());
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="composer"
      id="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer-box">
        <textarea
          ref={input}
          id="composer-input"
          rows={1}
          maxLength={MAX_TEXT_LENGTH}
          enterKeyHint="send"
          autoComplete="off"
          aria-describedby="composer-help"
          aria-label={`Message to ${room}`}
          placeholder={`Message #${room}`}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={pressed}
        />
        <span className="composer-counter" id="composer-counter" aria-hidden="true" hidden={space === ''}>
          {space}
        </span>
        <button
          className="composer-send"
          id="composer-send"
          type="submit"
          aria-label="Send"
          title="Send"
          disabled={text.trim() === ''}
        >
          <Icon path="M12 19V5m-6 6 6-6 6 6" />
        </button>
      </div>
      <p className="composer-help" id="composer-help">
        <kbd>Enter</kbd> sends, <kbd>Shift</kbd> + <kbd>Enter</kbd> begins a new line
      </p>
    </form>
  );
}
