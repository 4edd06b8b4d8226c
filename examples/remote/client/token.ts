const KEY = 'typewire-remote.token';

/** The token in the address, `/#token=…`, which does not stay there; or the one that this tab was opened with before. */
export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    saveToken(given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

export function saveToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}
