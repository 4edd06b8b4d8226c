import { runCheckLoad } from '../check-load.ts';

runCheckLoad('tRPC');
