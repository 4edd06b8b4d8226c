import { onUnmounted, type Ref, shallowRef } from 'vue';
import { wire } from './wire.ts';

const KEEP = 240;
const EVERY_MS = 500;

export interface RoundTrip {
  readonly at: number;
  readonly ms: number;
}

/** What a call takes that asks for nothing, there and back, again and again; one after the other, so that none waits for another. */
export function useRoundTrips(): Readonly<Ref<readonly RoundTrip[]>> {
  const trips = shallowRef<readonly RoundTrip[]>([]);
  const left = new AbortController();

  async function measure(): Promise<void> {
    const begun = performance.now();
    // What failed was no round trip; the page says by itself that the connection is lost.
    const isBack = await wire.api.ping.query(undefined, { signal: left.signal }).then(
      () => true,
      () => false,
    );
    if (left.signal.aborted) return;
    if (isBack) trips.value = [...trips.value.slice(1 - KEEP), { at: Date.now(), ms: performance.now() - begun }];
    setTimeout(measure, EVERY_MS);
  }

  void measure();
  onUnmounted(() => left.abort());
  return trips;
}
