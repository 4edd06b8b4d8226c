import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createToken } from './tokens.ts';

const NAMES = ['kitchen', 'garage', 'attic'];
const program = fileURLToPath(new URL('../device/main.ts', import.meta.url));

/** Starts devices beside the server, each in a process of its own, so that there is something to see. */
export function startDemoDevices(count: number, url: string, secret: string): void {
  for (const name of NAMES.slice(0, count)) {
    const token = createToken(secret, { role: 'device', name });
    const options = ['--conditions=@typewire/source', '--import', 'tsx', program, '--url', url, '--with-parent'];
    // The token is not an argument: those are for everybody on the machine to see. The pipe ends with us, and so do they.
    spawn(process.execPath, options, { env: { ...process.env, TOKEN: token }, stdio: ['pipe', 'ignore', 'inherit'] });
  }
}
