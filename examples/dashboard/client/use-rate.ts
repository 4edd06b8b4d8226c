import { onUnmounted, type Ref, shallowRef } from 'vue';

/** How fast a count grows, by the second, over the last two seconds. */
export function useRate(count: Readonly<Ref<number>>): Readonly<Ref<number>> {
  const rate = shallowRef(0);
  const samples: Array<readonly [at: number, count: number]> = [];
  const timer = setInterval(() => {
    samples.push([performance.now(), count.value]);
    if (samples.length > 5) samples.shift();
    const [first, last] = [samples[0], samples.at(-1)];
    if (first !== undefined && last !== undefined && last[0] > first[0]) {
      rate.value = ((last[1] - first[1]) / (last[0] - first[0])) * 1_000;
    }
  }, 500);
  onUnmounted(() => clearInterval(timer));
  return rate;
}
