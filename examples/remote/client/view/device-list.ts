import type { Device } from '../devices.ts';
import { create, find } from './dom.ts';

/** The devices that are there, and which of them we talk to. */
export class DeviceList {
  readonly #list: HTMLElement = find('devices', HTMLUListElement);
  readonly #count: HTMLElement = find('device-count', HTMLElement);
  readonly #refusal: HTMLElement = find('devices-refusal', HTMLElement);
  readonly #choose: (name: string) => void;

  constructor(choose: (name: string) => void) {
    this.#choose = choose;
  }

  show(devices: readonly Device[], chosen: string | null): void {
    this.#count.textContent = String(devices.length);
    find('no-devices', HTMLElement).hidden = devices.length > 0;
    this.#list.replaceChildren(...devices.map((device) => this.#item(device, device.name === chosen)));
  }

  refuse(text: string): void {
    this.#refusal.textContent = text;
    this.#refusal.hidden = false;
  }

  #item({ name, platform, running }: Device, isChosen: boolean): HTMLElement {
    const button = create('button', 'device');
    button.type = 'button';
    button.setAttribute('aria-pressed', String(isChosen));
    const text = create('span', 'device-text');
    text.append(create('span', 'device-name', name), create('span', 'device-platform', platform));
    button.append(create('i', 'device-dot'), text);
    if (running > 0) button.append(create('span', 'device-running', `${running} running`));
    button.addEventListener('click', () => this.#choose(name));
    const item = create('li');
    item.append(button);
    return item;
  }
}
