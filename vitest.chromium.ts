import { existsSync } from 'node:fs';

/** Where the tests look for Chromium; `CHROMIUM_PATH` overrides Debian's place. */
export const chromiumPath: string = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Without a browser the tests that need one skip on a developer's machine; `.ci/run` counts that as a failure. */
export const hasChromium: boolean = existsSync(chromiumPath);
