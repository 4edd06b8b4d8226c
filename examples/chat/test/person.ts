import type { Browser, Locator, Page } from 'playwright';

/** What a browser says by itself about a server that is gone. */
const FAILED_ATTEMPT = /^WebSocket connection to .* failed/;

/** Somebody who uses the chat: a page, and what can be seen and done on it. */
export class Person {
  readonly page: Page;
  /** Whatever went wrong in the page, failed attempts to connect aside. */
  readonly errors: string[] = [];
  /** The types of the messages that the page has sent to the wire, in order. */
  readonly sent: number[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(30_000);
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/wire')) return;
      socket.on('framesent', ({ payload }) => this.sent.push(...messageTypes(String(payload))));
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !FAILED_ATTEMPT.test(message.text())) this.errors.push(message.text());
    });
  }

  /** Opens the page, gives the name it asks for, and is in the room. */
  static async join(browser: Browser, address: string, name: string, room: string): Promise<Person> {
    const context = await browser.newContext({ locale: 'en-GB' });
    const person = new Person(await context.newPage());
    await person.page.goto(`${address}#${room}`);
    await person.page.getByLabel('Your name').fill(name);
    await person.page.getByRole('button', { name: 'Enter the chat' }).click();
    await person.member(name).waitFor();
    return person;
  }

  get badge(): Locator {
    return this.page.locator('#badge-text');
  }

  get members(): Locator {
    return this.page.locator('#members .member-name');
  }

  get gap(): Locator {
    return this.page.getByText('Some messages could not be recovered');
  }

  get input(): Locator {
    return this.page.getByRole('textbox', { name: 'Message to' });
  }

  member(name: string): Locator {
    return this.members.getByText(name, { exact: true });
  }

  /** The bubble with exactly this text. */
  message(text: string): Locator {
    return this.page.getByRole('log').locator('.bubble').getByText(text, { exact: true });
  }

  /** The message with this text together with its author, time and state. */
  row(text: string): Locator {
    return this.page.locator('li.message').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  async say(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Waits until the badge begins with a state. */
  async isConnection(state: 'open' | 'reconnecting' | 'offline'): Promise<void> {
    await this.badge.getByText(new RegExp(`^${state}`)).waitFor();
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}

/** Of one message, or of each in a batch. */
function messageTypes(text: string): number[] {
  const message = JSON.parse(text) as [number | [number], ...Array<[number]>];
  return typeof message[0] === 'number' ? [message[0]] : (message as Array<[number]>).map(([type]) => type);
}
