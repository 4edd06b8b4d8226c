import { Chat } from './chat.ts';
import { loadName, saveName } from './identity.ts';
import { askName } from './view/name-dialog.ts';

async function rename(): Promise<void> {
  const name = await askName(loadName());
  if (name === null) return;
  saveName(name);
  // A connection is one person's for good: another name is another connection.
  location.reload();
}

const known = loadName();
const me = known ?? (await askName(null));
if (me !== null) {
  saveName(me);
  new Chat(me, () => void rename());
}
