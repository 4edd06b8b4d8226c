/** What a page tells about itself; absent where there is no page. */
interface PageScope {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  readonly document?: { readonly visibilityState?: string } & PageScope;
}

/**
 * Calls `wake` when a connection may have died unnoticed, or may be possible again: the page became visible, the
 * network came back, the page returned from the back/forward cache. Does nothing outside of a page.
 */
export function onWake(wake: () => void, scope: PageScope = globalThis as PageScope): () => void {
  const { document } = scope;
  const visible = (): void => {
    if (document?.visibilityState === 'visible') wake();
  };
  document?.addEventListener?.('visibilitychange', visible);
  scope.addEventListener?.('online', wake);
  scope.addEventListener?.('pageshow', wake);
  return () => {
    document?.removeEventListener?.('visibilitychange', visible);
    scope.removeEventListener?.('online', wake);
    scope.removeEventListener?.('pageshow', wake);
  };
}
