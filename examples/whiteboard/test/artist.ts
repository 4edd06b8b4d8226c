import type { Browser, Locator, Page } from 'playwright';
import { collectErrors } from '../../../test/examples/page-errors.ts';

/** A point of the page, in CSS pixels. */
export type Place = readonly [x: number, y: number];

/** Somebody who draws: a page, and what can be seen and done on it. */
export class Artist {
  readonly page: Page;
  readonly errors: string[];

  private constructor(page: Page) {
    this.page = page;
    this.errors = collectErrors(page);
    page.setDefaultTimeout(30_000);
  }

  /** Opens the page, gives the name it asks for, and is at the board. */
  static async join(browser: Browser, url: string, name: string, board: string): Promise<Artist> {
    const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
    const artist = new Artist(await context.newPage());
    await artist.page.goto(`${url}/#${board}`);
    await artist.page.getByLabel('Your name').fill(name);
    await artist.page.getByRole('button', { name: 'Go to the board' }).click();
    await artist.person(name).waitFor();
    return artist;
  }

  /** Somebody's circle in the corner. */
  person(name: string): Locator {
    return this.page.getByRole('listitem', { name: new RegExp(`^${name}\\b`) });
  }

  tool(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get connection(): Locator {
    return this.page.locator('#badge');
  }

  /** Presses and moves, and does not let go. */
  async beginLine([first, ...rest]: readonly [Place, ...Place[]]): Promise<void> {
    await this.page.mouse.move(...first);
    await this.page.mouse.down();
    for (const place of rest) await this.page.mouse.move(...place, { steps: 8 });
  }

  async endLine(): Promise<void> {
    await this.page.mouse.up();
  }

  async drawLine(places: readonly [Place, ...Place[]]): Promise<void> {
    await this.beginLine(places);
    await this.endLine();
  }

  /** Waits for ink at a place, or for its end: on the board, or in what is being drawn and pointed at right now. */
  async sees(layer: 'board' | 'live', [x, y]: Place, isInk = true): Promise<void> {
    await this.page.waitForFunction(
      ([id, left, top, wanted]) => {
        const canvas = document.getElementById(id) as HTMLCanvasElement;
        const { data } = canvas.getContext('2d')?.getImageData(left - 1, top - 1, 3, 3) ?? { data: [] };
        const isThere = data.filter((_, index) => index % 4 === 3).every((alpha) => alpha > 200);
        return isThere === wanted;
      },
      [layer, x, y, isInk] as const,
    );
  }

  /** Waits until there is any ink on the board, wherever the page shows it to a newcomer. */
  async seesSomething(): Promise<void> {
    await this.page.waitForFunction(() => {
      const canvas = document.getElementById('board') as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return data.some((value, index) => index % 4 === 3 && value > 200);
    });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
