import { type Browser, chromium, type Page } from 'playwright';
import { chromiumArguments, chromiumPath } from '../vitest.chromium.ts';

const timeout = 30_000;

/** Two people on the page that the reader has made, in browsers of their own. */
export class Visitors {
  readonly #browser: Browser;
  readonly #pages: readonly Page[];
  /** What the console of a page called an error. */
  readonly errors: string[] = [];

  private constructor(browser: Browser, pages: readonly Page[]) {
    this.#browser = browser;
    this.#pages = pages;
    for (const page of pages) {
      page.on('pageerror', (error) => this.errors.push(String(error)));
      page.on('console', (message) => {
        const isIcon = message.location().url.endsWith('/favicon.ico');
        if (message.type() === 'error' && !isIcon) this.errors.push(message.text());
      });
    }
  }

  static async come(address: string): Promise<Visitors> {
    const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
    const open = async () => (await browser.newContext()).newPage();
    const visitors = new Visitors(browser, [await open(), await open()]);
    for (const page of visitors.#pages) await page.goto(address, { timeout });
    return visitors;
  }

  /** The first says something in the form; it must arrive on the page of the second, and once on each. */
  async talk(text: string): Promise<void> {
    const [speaker, listener] = this.#pages as [Page, Page];
    await speaker.locator('input').fill(text, { timeout });
    await speaker.locator('input').press('Enter');
    await listener.locator('li', { hasText: text }).waitFor({ timeout });
    await speaker.locator('li', { hasText: text }).waitFor({ timeout });
    for (const page of this.#pages) {
      const count = await page.locator('li', { hasText: text }).count();
      if (count !== 1) throw new Error(`${JSON.stringify(text)} stands ${count} times on a page`);
    }
  }

  /** Everybody's page says this. */
  async see(text: string): Promise<void> {
    for (const page of this.#pages) await page.getByText(text).first().waitFor({ timeout });
  }

  async leave(): Promise<void> {
    await this.#browser.close();
  }
}
