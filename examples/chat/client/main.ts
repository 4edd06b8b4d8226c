import { Chat } from './chat.ts';
import { changeName, loadName, saveName } from './identity.ts';
import { askName } from './view/name-dialog.ts';

async function rename(): Promise<void> {
  const name = await askName(loadName());
  if (name !== null) changeName(name);
}

const known = loadName();
const me = known ?? (await askName(null));
if (me !== null) {
  saveName(me);
  new Chat(me, () => void rename());
}
