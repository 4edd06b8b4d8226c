import { isCurrentPage, pageAddress, pages } from '../client/pages.ts';

/** The way to the other pages, to the same room. */
export function PageLinks({ room }: { room: string }) {
  return (
    <nav className="pages" id="pages" aria-label="This page, built with">
      {pages.map(({ name, path }) => (
        <a key={path} href={pageAddress(path, room)} aria-current={isCurrentPage(path) ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
