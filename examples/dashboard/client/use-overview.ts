import { useSubscription } from '@typewire/vue';
import { computed, type Ref, shallowRef, watch } from 'vue';
import type { Reading } from '../server/reading.ts';
import { wire } from './wire.ts';

/**
 * The newest reading of each machine, and how many readings have arrived. The state of the moment comes first and what changes
 * follows, without a race between the two.
 */
export function useOverview(): {
  readonly readings: Readonly<Ref<ReadonlyMap<number, Reading>>>;
  readonly arrived: Readonly<Ref<number>>;
  readonly isStale: Readonly<Ref<boolean>>;
} {
  const { snapshot, events, status } = useSubscription(wire.api.overview, undefined, { keep: 500 });
  const readings = shallowRef<ReadonlyMap<number, Reading>>(new Map());
  const arrived = shallowRef(0);

  watch(snapshot, (state) => {
    readings.value = new Map(state?.map((reading) => [reading.machine, reading]));
  });
  watch(events, (now, before) => {
    // Events come in order, and the newest that was seen tells which are new.
    const fresh = now.slice(now.lastIndexOf(before.at(-1) as Reading) + 1);
    readings.value = new Map([...readings.value, ...fresh.map((reading) => [reading.machine, reading] as const)]);
    arrived.value += fresh.length;
  });
  return { readings, arrived, isStale: computed(() => status.value !== 'live') };
}
