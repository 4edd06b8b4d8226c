import type { ConnectionStatus } from '@typewire/client';

/** How the connection stands, in two words and a number: the badge. */
export function describeConnection(
  { state, latencyMs, retryAtMs }: Pick<ConnectionStatus, 'state' | 'latencyMs' | 'retryAtMs'>,
  isOnline: boolean,
  now: number,
): string {
  if (state === 'open') return latencyMs === null ? 'open' : `open · ${formatLatency(latencyMs)}`;
  if (state === 'closed') return 'closed';
  if (!isOnline) return 'offline';
  if (retryAtMs === null) return `${state}…`;
  return `${state} · retry in ${Math.max(1, Math.ceil((retryAtMs - now) / 1_000))} s`;
}

/** What a lost connection means for the reader: the banner. Empty while all is well. */
export function describeTrouble({
  state,
  attempt,
  error,
}: Pick<ConnectionStatus, 'state' | 'attempt' | 'error'>): string {
  switch (state) {
    case 'open':
      return '';
    case 'connecting':
      return attempt === 0 ? '' : 'The server cannot be reached. Trying again…';
    case 'reconnecting':
      return 'Connection lost. What you write is kept, and sent when it is back.';
    case 'closed':
      return `The server has closed the connection: ${error?.message ?? 'for good'}.`;
  }
}

function formatLatency(latencyMs: number): string {
  return latencyMs < 1 ? '<1 ms' : `${Math.round(latencyMs)} ms`;
}
