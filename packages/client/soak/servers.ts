import { SoakServer } from './soak-server.ts';

/** One server serves, the next one is ready. */
export class Servers {
  readonly #ledger: string;
  readonly #report: (violation: string) => void;
  #started = 0;
  #current: SoakServer | null = null;
  #standby: Promise<SoakServer>;

  constructor(ledger: string, report: (violation: string) => void) {
    this.#ledger = ledger;
    this.#report = report;
    this.#standby = this.#start();
  }

  get current(): SoakServer {
    if (this.#current === null) throw new Error('no server yet');
    return this.#current;
  }

  /** Resolves to the port of the next server; what becomes of the one before is the caller's. */
  async next(): Promise<number> {
    this.#current = await this.#standby;
    this.#standby = this.#start();
    return this.#current.port;
  }

  async end(): Promise<void> {
    await this.#current?.kill();
    await (await this.#standby).kill();
  }

  #start(): Promise<SoakServer> {
    return SoakServer.start(++this.#started, this.#ledger, this.#report);
  }
}
