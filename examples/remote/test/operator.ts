import type { Browser, Locator, Page } from 'playwright';
import { collectErrors } from '../../../test/examples/page-errors.ts';

/** Somebody with a token in a page, and what can be seen and done on it. */
export class Operator {
  readonly page: Page;
  readonly errors: string[];

  private constructor(page: Page) {
    this.page = page;
    this.errors = collectErrors(page);
    page.setDefaultTimeout(30_000);
  }

  static async open(browser: Browser, url: string, token: string): Promise<Operator> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
    const operator = new Operator(await context.newPage());
    await operator.page.goto(`${url}/#token=${token}`);
    return operator;
  }

  device(name: string): Locator {
    return this.page.getByRole('list', { name: /^Devices/ }).getByRole('button', { name: new RegExp(`^${name}`) });
  }

  async choose(name: string): Promise<void> {
    await this.device(name).click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** Runs a command with the arguments given, and returns its card. */
  async run(command: 'Uptime' | 'Tail' | 'Count', fields: Readonly<Record<string, string>> = {}): Promise<Locator> {
    await this.page.getByRole('radio', { name: command }).check({ force: true });
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByRole('spinbutton', { name: label }).fill(value);
    }
    const cards = this.page.getByRole('article');
    const before = await cards.count();
    await this.page.getByRole('button', { name: 'Run', exact: true }).click();
    // The newest stands first; counted from the end it stays the same one when others come.
    return this.page.locator(`article.run:nth-last-child(${before + 1})`);
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
