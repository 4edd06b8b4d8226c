import { existsSync } from 'node:fs';

/** Where the tests look for Chromium; `CHROMIUM_PATH` overrides Debian's place. */
export const chromiumPath: string = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Without a browser the tests that need one skip on a developer's machine; `.ci/run` counts that as a failure. */
export const hasChromium: boolean = existsSync(chromiumPath);

/** Quiet, on its own, and able to run as root inside a container. */
export const chromiumArguments: string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
