import { onWatcherCleanup, type Ref, ref, watchEffect } from 'vue';

/** The time in milliseconds, which goes on while it `isRunning`. */
export function useNow(isRunning: () => boolean): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const tick = (): void => {
    now.value = Date.now();
  };
  watchEffect(() => {
    if (!isRunning()) return;
    tick();
    const timer = setInterval(tick, 250);
    onWatcherCleanup(() => clearInterval(timer));
  });
  return now;
}
