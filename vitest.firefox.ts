import { existsSync } from 'node:fs';

/** Where the tests look for Firefox; `FIREFOX_PATH` overrides Debian's place. */
export const firefoxPath: string = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';

/** Without it the smoke test in Firefox skips on a developer's machine; `.ci/run` counts that as a failure. */
export const hasFirefox: boolean = existsSync(firefoxPath);
