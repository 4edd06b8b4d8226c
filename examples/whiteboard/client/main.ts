import { loadName, loadSecret, saveName } from './identity.ts';
import { currentBoard, reloadOnBoardChange } from './location.ts';
import { askName } from './view/name-dialog.ts';
import { Whiteboard } from './whiteboard.ts';
import { connect } from './wire.ts';

reloadOnBoardChange();
const name = loadName() ?? (await askName(null));
if (name !== null) {
  saveName(name);
  const wire = connect(loadSecret());
  // Waits for the first connection, however long that takes.
  const me = await wire.api.me.query(undefined, { timeoutMs: Number.POSITIVE_INFINITY });
  new Whiteboard(wire, { id: me, name }, currentBoard());
}
