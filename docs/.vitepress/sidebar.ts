import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { entryPoints } from './reference/entry-points.ts';
import { site } from './repository.ts';

interface Section {
  readonly text: string;
  /** Title and path of each page, in reading order. A page is listed once its file exists. */
  readonly pages: ReadonlyArray<readonly [title: string, path: string]>;
  readonly collapsed?: boolean;
}

/** The whole site. A page that is missing here is never found by a reader; a test demands that each is listed. */
export const sections: readonly Section[] = [
  {
    text: 'Begin',
    pages: [
      ['Start in five minutes', 'start'],
      ['Try it in this tab', 'try'],
      ['Examples', 'examples'],
      ['How it compares', 'compare'],
    ],
  },
  {
    text: 'Guide',
    pages: [
      ['Calls', 'guide/calls'],
      ['Streams and uploads', 'guide/streams'],
      ['Channels', 'guide/channels'],
      ['Recovery', 'guide/recovery'],
      ['Presence', 'guide/presence'],
      ['Errors', 'guide/errors'],
      ['Authentication', 'guide/auth'],
      ['Reconnecting and heartbeat', 'guide/reconnect'],
      ['Binary data', 'guide/binary'],
    ],
  },
  {
    text: 'In your framework',
    pages: [
      ['React', 'guide/react'],
      ['Vue', 'guide/vue'],
      ['TanStack Query', 'guide/tanstack-query'],
    ],
  },
  {
    text: 'In production',
    pages: [
      ['Servers and frameworks', 'guide/servers'],
      ['Testing your app', 'guide/testing'],
      ['Deploying behind nginx', 'guide/deploying'],
      ['Scaling', 'guide/scaling'],
      ['Security', 'guide/security'],
      ['Observability', 'guide/observability'],
    ],
  },
  {
    text: 'Migrate',
    pages: [
      ['From socket.io', 'migrate/socket-io'],
      ['From tRPC’s wsLink', 'migrate/trpc'],
    ],
  },
  {
    text: 'How it works',
    pages: [
      ['The opening handshake', 'how-it-works/handshake'],
      ['Frames, bit by bit', 'how-it-works/frames'],
      ['How the web learned to push', 'how-it-works/history'],
      ['The session', 'how-it-works/session'],
      ['Positions', 'how-it-works/positions'],
      ['The simulator', 'simulation'],
    ],
  },
  {
    text: 'Look up',
    pages: [
      ['Options and defaults', 'reference/options'],
      ['The wire protocol', 'protocol'],
      ['Conformance', 'conformance'],
      ['Attacks', 'attacks'],
      ['Errors by their numbers', 'error-numbers'],
    ],
  },
  {
    text: 'API',
    pages: [
      ['All packages', 'reference/index'],
      ...entryPoints.map(
        ({ name }) => [name, `reference/${name.replace('@typewire/', '').replace('/', '.')}`] as const,
      ),
    ],
    collapsed: true,
  },
];

/** Whether the page is there, written or generated. */
export function hasPage(path: string): boolean {
  return existsSync(join(site, `${path}.md`));
}

function address(path: string): string {
  return `/${path.replace(/(^|\/)index$/, '$1')}`;
}

export function createSidebar(): DefaultTheme.SidebarItem[] {
  return sections
    .map(({ text, pages, collapsed }) => ({
      text,
      ...(collapsed === undefined ? {} : { collapsed }),
      items: pages.filter(([, path]) => hasPage(path)).map(([title, path]) => ({ text: title, link: address(path) })),
    }))
    .filter(({ items }) => items.length > 0);
}

/** The bar at the top: the first page that exists of each. */
export function createNav(): DefaultTheme.NavItem[] {
  const entries: ReadonlyArray<readonly [text: string, pages: readonly string[], active: string]> = [
    ['Start', ['start'], '^/start'],
    ['Guide', ['guide/calls', 'guide/channels'], '^/guide/'],
    ['How it works', ['how-it-works/handshake', 'how-it-works/frames'], '^/(how-it-works/|simulation)'],
    ['Protocol', ['protocol'], '^/protocol'],
    ['Reference', ['reference/options', 'reference/index'], '^/reference/'],
    ['Compare', ['compare'], '^/(compare|migrate/)'],
  ];
  return entries.flatMap(([text, pages, activeMatch]) => {
    const path = pages.find(hasPage);
    return path === undefined ? [] : [{ text, link: address(path), activeMatch }];
  });
}
