import { safe } from '@typewire/client';
import { Remote } from './remote.ts';
import { saveToken, takeToken } from './token.ts';
import { find } from './view/dom.ts';
import { askToken } from './view/token-dialog.ts';
import { connect } from './wire.ts';

// Another token in the address of an open page is another page.
addEventListener('hashchange', () => location.reload());

let token = takeToken();
let reason = 'The server prints one when it starts.';
for (;;) {
  token ??= await askToken(reason);
  saveToken(token);
  const wire = connect(token);
  // Waits for the first connection, however long that takes; rejects when the server wants nothing of this token.
  const me = await safe(wire.api.me.query(undefined, { timeoutMs: Number.POSITIVE_INFINITY }));
  if (me.ok) {
    find('app', HTMLElement).hidden = false;
    new Remote(wire, me.value);
    break;
  }
  reason = `The server says: ${wire.status.error?.message ?? me.error.message}.`;
  token = null;
}
