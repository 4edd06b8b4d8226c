import { runCheckLoad } from '../check-load.ts';

runCheckLoad('zod alone');
