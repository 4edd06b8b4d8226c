import { useStatus } from '@typewire/react';
import { describeConnection } from '../client/connection-text.ts';
import type { Wire } from '../client/wire.ts';
import { useNow } from './use-now.ts';
import { useOnline } from './use-online.ts';

/** How the connection stands, in two words and a number. */
export function ConnectionBadge({ wire }: { wire: Wire }) {
  const status = useStatus(wire);
  const isOnline = useOnline();
  const now = useNow(status.retryAtMs !== null);
  return (
    <div className="badge" id="badge" data-state={status.state} title={status.error?.message}>
      <span className="badge-dot" aria-hidden="true" />
      <span className="visually-hidden">Connection: </span>
      <span id="badge-text">{describeConnection(status, isOnline, now)}</span>
    </div>
  );
}
