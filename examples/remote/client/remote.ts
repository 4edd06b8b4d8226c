import type { Command } from '../shared/command.ts';
import { type Device, devicesOf } from './devices.ts';
import { Run } from './run.ts';
import { CommandForm } from './view/command-form.ts';
import { ConnectionBadge } from './view/connection-badge.ts';
import { DeviceList } from './view/device-list.ts';
import { find } from './view/dom.ts';
import { RunCard } from './view/run-card.ts';
import type { Wire } from './wire.ts';

/** Runs that stay on the page; of more the oldest that is over goes. */
const MAX_RUNS = 20;

interface Me {
  readonly role: 'operator' | 'device';
  readonly name: string;
}

/** The page of one operator: what is on the wire on one side, what is on the screen on the other. */
export class Remote {
  readonly #wire: Wire;
  readonly #me: Me;
  readonly #list: DeviceList;
  readonly #form: CommandForm;
  readonly #runs: HTMLElement = find('runs', HTMLElement);
  #cards: RunCard[] = [];
  #devices: readonly Device[] = [];
  #chosen: string | null = null;

  constructor(wire: Wire, me: Me) {
    this.#wire = wire;
    this.#me = me;
    this.#list = new DeviceList((name) => this.#choose(name));
    this.#form = new CommandForm((command) => this.#run(command));
    const identity = find('identity', HTMLElement);
    identity.textContent = `${me.role} · ${me.name}`;
    identity.hidden = false;
    new ConnectionBadge(wire);
    this.#follow();
  }

  #follow(): void {
    const { presence } = this.#wire.api.devices.subscribe();
    presence.on('sync', () => this.#show(devicesOf(presence)));
    // A device sees nobody. It may try its luck with itself all the same, and is told.
    presence.on('refused', (_right, { code }) => {
      this.#list.refuse(`${code}: a ${this.#me.role} may not see who is there.`);
      const commands = ['uptime', 'disk', 'tail', 'count'] as const;
      this.#show([{ name: this.#me.name, platform: 'this token', commands: [...commands], running: 0 }]);
    });
  }

  #show(devices: readonly Device[]): void {
    this.#devices = devices;
    // A device that has just left stays chosen: it may be back, and its output is still to be read.
    this.#chosen ??= devices[0]?.name ?? null;
    this.#update();
  }

  #choose(name: string): void {
    this.#chosen = name;
    this.#update();
  }

  #update(): void {
    this.#list.show(this.#devices, this.#chosen);
    const device = this.#devices.find(({ name }) => name === this.#chosen) ?? null;
    this.#form.show(this.#chosen, device);
    for (const { element, run } of this.#cards) element.hidden = run.device !== this.#chosen;
    find('no-runs', HTMLElement).hidden = this.#cards.some(({ run }) => run.device === this.#chosen);
  }

  #run(command: Command): void {
    if (this.#chosen === null) return;
    const run: Run = new Run(this.#wire, this.#chosen, command, () => card.planUpdate());
    const card: RunCard = new RunCard(run);
    this.#runs.prepend(card.element);
    this.#cards = [card, ...this.#cards];
    if (this.#cards.length > MAX_RUNS) this.#removeOldest();
    this.#update();
  }

  #removeOldest(): void {
    const oldest = this.#cards.findLast(({ run }) => run.state !== 'running');
    oldest?.element.remove();
    this.#cards = this.#cards.filter((card) => card !== oldest);
  }
}
