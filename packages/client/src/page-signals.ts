/** What a page tells about itself; absent where there is no page. */
interface PageScope {
  addEventListener?(type: string, listener: (event: Event) => void): void;
  removeEventListener?(type: string, listener: (event: Event) => void): void;
  readonly document?: { readonly visibilityState?: string } & PageScope;
}

/**
 * Calls `wake` when a connection may have died unnoticed, or may be possible again: the page became visible, the network came
 * back, the page returned from the back/forward cache or was frozen no longer. Calls `suspend` when the page is put into that
 * cache or frozen: it would be told nothing, and the server would hold everything for it. Does nothing outside of a page.
 */
export function onPage(wake: () => void, suspend: () => void, scope: PageScope = globalThis as PageScope): () => void {
  const { document } = scope;
  const listeners: ReadonlyArray<readonly [PageScope | undefined, string, (event: Event) => void]> = [
    [document, 'visibilitychange', () => document?.visibilityState === 'visible' && wake()],
    [document, 'resume', wake],
    [document, 'freeze', suspend],
    [scope, 'online', wake],
    [scope, 'pageshow', wake],
    // A page that goes for good takes its connection along.
    [scope, 'pagehide', (event) => (event as PageTransitionEvent).persisted && suspend()],
  ];
  for (const [target, type, listener] of listeners) target?.addEventListener?.(type, listener);
  return () => {
    for (const [target, type, listener] of listeners) target?.removeEventListener?.(type, listener);
  };
}
