import type { Browser, Locator, Page } from 'playwright';
import { collectErrors } from '../../../test/examples/page-errors.ts';

/** Somebody who plays: a page, and what can be seen and done on it. */
export class Contestant {
  readonly page: Page;
  readonly errors: string[];

  private constructor(page: Page) {
    this.page = page;
    this.errors = collectErrors(page);
    page.setDefaultTimeout(30_000);
  }

  /** Opens the page, gives the name it asks for, and is in the arena. */
  static async join(browser: Browser, url: string, name: string, secret?: string): Promise<Contestant> {
    // Wide enough for the whole arena, so that nothing moves but the players.
    const context = await browser.newContext({ viewport: { width: 1300, height: 800 } });
    const contestant = new Contestant(await context.newPage());
    if (secret !== undefined) {
      await contestant.page.addInitScript((value) => sessionStorage.setItem('typewire-game.secret', value), secret);
    }
    await contestant.page.goto(url);
    await contestant.page.getByLabel('Your name').fill(name);
    await contestant.page.getByRole('button', { name: 'Play' }).click();
    await contestant.rank(name).waitFor();
    return contestant;
  }

  /** Somebody's line in the list of scores. */
  rank(name: string): Locator {
    return this.page.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** The middle of all pixels in somebody's colour: where this page shows them; `null` when it does not. */
  async placeOf(name: string): Promise<{ x: number; y: number } | null> {
    return this.rank(name).evaluate((item) => {
      const probe = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      probe.fillStyle = getComputedStyle(item.querySelector('.rank-dot') as Element).backgroundColor;
      probe.fillRect(0, 0, 1, 1);
      const wanted = probe.getImageData(0, 0, 1, 1).data;
      const canvas = document.getElementById('arena') as HTMLCanvasElement;
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      let [count, sumX, sumY] = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const isSame = [0, 1, 2].every((part) => Math.abs((data[at + part] ?? 0) - (wanted[part] ?? 0)) <= 2);
        if (!isSame) continue;
        count++;
        sumX += (at / 4) % canvas.width;
        sumY += Math.floor(at / 4 / canvas.width);
      }
      return count < 100 ? null : { x: sumX / count, y: sumY / count };
    });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
