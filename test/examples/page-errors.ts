import type { Page } from 'playwright';

/** What a browser says by itself about a server that is gone. */
const FAILED_ATTEMPT = /^WebSocket connection to .* failed|net::ERR_/;

/** Whatever goes wrong in a page from now on, failed attempts to connect aside. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !FAILED_ATTEMPT.test(message.text())) errors.push(message.text());
  });
  return errors;
}
