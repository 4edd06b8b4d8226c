import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { MAX_NAME_LENGTH } from '../client/identity.ts';
import { Logo } from './logo.tsx';

interface NameDialogProps {
  current: string | null;
  onName: (name: string) => void;
  /** Without it one cannot leave without a name. */
  onCancel?: () => void;
}

/** Asks for a name. */
export function NameDialog({ current, onName, onCancel }: NameDialogProps) {
  const [text, setText] = useState(current ?? '');
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    dialog.current?.showModal();
    input.current?.select();
  }, []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const name = text.trim();
    if (name === '') setText('');
    else onName(name);
  }

  return (
    <dialog
      ref={dialog}
      className="name-dialog"
      id="name-dialog"
      aria-labelledby="name-title"
      onCancel={(event) => {
        event.preventDefault();
        onCancel?.();
      }}
    >
      <form id="name-form" onSubmit={submit}>
        <Logo />
        <h2 id="name-title">What should people call you?</h2>
        <p>The name is kept in this tab. Open a second one to be somebody else.</p>
        <label htmlFor="name-input">Your name</label>
        <input
          ref={input}
          id="name-input"
          autoComplete="nickname"
          placeholder="Ada"
          required
          maxLength={MAX_NAME_LENGTH}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="name-buttons">
          {onCancel !== undefined && (
            <button className="quiet-button" id="name-cancel" type="button" onClick={onCancel}>
              Cancel
            </button>
          )}
          <button className="primary-button" type="submit">
            Enter the chat
          </button>
        </div>
      </form>
    </dialog>
  );
}
