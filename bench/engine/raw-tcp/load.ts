import { runLoad } from '../../harness/load-child.ts';
import type { EngineParams } from '../engine-params.ts';
import { driveEngine } from '../raw/drive-engine.ts';

// What comes back is what was sent, so it must look like a server's frames.
runLoad<EngineParams>((port, params) => driveEngine(port, params, 'unmasked'));
