import { useStatus } from '@typewire/react';
import { describeTrouble } from '../client/connection-text.ts';
import type { Wire } from '../client/wire.ts';

/** Says what a lost connection means for the reader, and is silent otherwise. */
export function ConnectionBanner({ wire, onRename }: { wire: Wire; onRename: () => void }) {
  const status = useStatus(wire);
  const text = describeTrouble(status);
  return (
    <div className="banner" id="banner" hidden={text === ''}>
      <span id="banner-text" role="status">
        {text}
      </span>
      <button
        className="link-button"
        id="banner-rename"
        type="button"
        hidden={status.state !== 'closed'}
        onClick={onRename}
      >
        Choose another name
      </button>
    </div>
  );
}
