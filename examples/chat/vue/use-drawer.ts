import { onWatcherCleanup, type Ref, ref, watch } from 'vue';

export interface Drawer {
  readonly isOpen: Readonly<Ref<boolean>>;
  readonly toggle: () => void;
  readonly close: () => void;
}

/** The sidebar on a phone. Going to another room closes it, and so does Escape, which gives the focus back to what opened it. */
export function useDrawer(room: Readonly<Ref<string>>): Drawer {
  const isOpen = ref(false);
  const close = (): void => {
    isOpen.value = false;
  };

  watch(room, close);
  watch(isOpen, (open) => {
    if (!open) return;
    const opener = document.activeElement;
    const pressed = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      close();
      if (opener instanceof HTMLElement) opener.focus();
    };
    document.addEventListener('keydown', pressed);
    onWatcherCleanup(() => document.removeEventListener('keydown', pressed));
  });

  const toggle = (): void => {
    isOpen.value = !isOpen.value;
  };
  return { isOpen, toggle, close };
}
