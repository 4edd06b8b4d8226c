import { runServer } from '../../harness/server-child.ts';

// Nothing runs when types are checked, but the harness starts a server beside every load.
runServer(() => Promise.resolve(0));
