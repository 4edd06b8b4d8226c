import { addressOf } from './location.ts';

/** The same chat, built three times. */
export const pages = [
  { name: 'Plain', path: '/' },
  { name: 'React', path: '/react/' },
  { name: 'Vue', path: '/vue/' },
] as const;

/** Where a page shows a room. */
export function pageAddress(path: string, room: string): string {
  return `${path}${addressOf(room)}`;
}

export function isCurrentPage(path: string): boolean {
  return location.pathname === path;
}
