import { useEffect, useState } from 'react';
import { type Section, sections } from '../server/sections.ts';

const PLACE = 'newsroom sections';

/** The sections this reader registered for, in the order of the paper; kept from visit to visit. */
export function useRegistered(): [registered: readonly Section[], toggle: (section: Section) => void] {
  const [registered, setRegistered] = useState<readonly Section[]>(read);
  useEffect(() => localStorage.setItem(PLACE, registered.join()), [registered]);
  const toggle = (section: Section): void =>
    setRegistered((before) =>
      sections.filter((other) => (other === section ? !before.includes(section) : before.includes(other))),
    );
  return [registered, toggle];
}

function read(): readonly Section[] {
  const kept = localStorage.getItem(PLACE)?.split(',');
  return kept === undefined ? ['world', 'science', 'culture'] : sections.filter((section) => kept.includes(section));
}
