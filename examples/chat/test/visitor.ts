import type { Browser, BrowserContext, Page } from 'puppeteer-core';

/**
 * Somebody who uses the chat with a browser that is driven by puppeteer: it drives Firefox as well, and leaves pages in the
 * belief that they are hidden when they are.
 */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  static async join(browser: Browser, url: string, name: string, room: string): Promise<Visitor> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.goto(`${url}/#${room}`);
    await page.bringToFront();
    const input = await page.waitForSelector('#name-input', { visible: true });
    await input?.type(name);
    await input?.press('Enter');
    const visitor = new Visitor(context, page);
    await visitor.sees('#members .member-name', name);
    return visitor;
  }

  async say(text: string): Promise<void> {
    const input = await this.page.waitForSelector('textarea');
    await input?.type(text);
    await input?.press('Enter');
  }

  /** Waits until a bubble has exactly this text. */
  hears(text: string): Promise<void> {
    return this.sees('.bubble', text);
  }

  async sees(selector: string, text: string): Promise<void> {
    // In the page, and not by frames of its display: a hidden page has none.
    await this.page.waitForFunction(
      (selector, text) => [...document.querySelectorAll(selector)].some((element) => element.textContent === text),
      { polling: 50 },
      selector,
      text,
    );
  }

  async bubbles(): Promise<Array<string | null>> {
    return this.page.$$eval('.bubble', (bubbles) => bubbles.map((bubble) => bubble.textContent));
  }

  /** Puts another tab before the page. */
  async hide(): Promise<void> {
    const other = await this.#context.newPage();
    await other.bringToFront();
    await this.page.waitForFunction(() => document.visibilityState === 'hidden', { polling: 50 });
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
