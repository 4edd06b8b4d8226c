import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadName, saveName } from '../client/identity.ts';
import { connect } from '../client/wire.ts';
import { Chat } from './chat.tsx';
import { NameDialog } from './name-dialog.tsx';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);

/** The connection is made outside of what React may run twice. */
function enter(me: string): void {
  saveName(me);
  root.render(
    <StrictMode>
      <Chat me={me} wire={connect(me)} />
    </StrictMode>,
  );
}

const known = loadName();
if (known === null) root.render(<NameDialog current={null} onName={enter} />);
else enter(known);
