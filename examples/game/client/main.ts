import { Game } from './game.ts';
import { loadName, loadSecret, saveName } from './identity.ts';
import { askName } from './view/name-dialog.ts';
import { connect } from './wire.ts';

const name = loadName() ?? (await askName(null));
if (name !== null) {
  saveName(name);
  const wire = connect(loadSecret());
  // Waits for the first connection, however long that takes.
  const player = await wire.api.me.query(undefined, { timeoutMs: Number.POSITIVE_INFINITY });
  new Game(wire, { player, name });
}
