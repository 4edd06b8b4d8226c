import { runLoad } from '../../harness/load-child.ts';
import type { EngineParams } from '../engine-params.ts';
import { driveEngine } from './drive-engine.ts';

runLoad<EngineParams>((port, params) => driveEngine(port, params, 'masked'));
