import { type RefObject, useEffect, useRef, useState } from 'react';

export interface Drawer {
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly close: () => void;
  /** What opens it, and gets the focus back. */
  readonly button: RefObject<HTMLButtonElement | null>;
}

/** The sidebar on a phone. Going to another room closes it, and so does Escape. */
export function useDrawer(room: string): Drawer {
  const [openIn, setOpenIn] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = openIn === room;

  useEffect(() => {
    if (!isOpen) return;
    const pressed = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      setOpenIn(null);
      button.current?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [isOpen]);

  return { isOpen, toggle: () => setOpenIn(isOpen ? null : room), close: () => setOpenIn(null), button };
}
