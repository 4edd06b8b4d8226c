import { onScopeDispose, type Ref, ref } from 'vue';

/** Whether the browser has a network at all. */
export function useOnline(): Readonly<Ref<boolean>> {
  const isOnline = ref(navigator.onLine);
  const listening = new AbortController();
  for (const type of ['online', 'offline']) {
    const changed = (): void => {
      isOnline.value = navigator.onLine;
    };
    addEventListener(type, changed, { signal: listening.signal });
  }
  onScopeDispose(() => listening.abort());
  return isOnline;
}
