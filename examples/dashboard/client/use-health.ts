import { useStatus, useStream } from '@typewire/vue';
import { watchEffect } from 'vue';
import { wire } from './wire.ts';

/** How the server does, for the last two minutes. A new server knows nothing of the stream of the old one: it is asked anew. */
export function useHealth() {
  const { state } = useStatus(wire);
  const { items, latest, status, restart } = useStream(wire.api.health, undefined, { keep: 240 });
  watchEffect(() => {
    if (state.value === 'open' && status.value === 'error') restart();
  });
  return { health: items, latest };
}
