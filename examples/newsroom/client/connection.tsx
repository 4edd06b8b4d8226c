import { useStatus } from '@typewire/react';
import { wire } from './wire.ts';

const words = {
  connecting: 'Connecting',
  open: 'Live',
  reconnecting: 'Away',
  closed: 'Closed',
} as const;

/** Whether what is on the page is the newest. */
export function Connection() {
  const { state } = useStatus(wire);
  return (
    <span className={`connection is-${state}`} role="status">
      {words[state]}
    </span>
  );
}
