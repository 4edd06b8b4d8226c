import type { DeviceState } from '../shared/command.ts';

export interface Device extends DeviceState {
  readonly name: string;
}

interface DevicePresence {
  bySubject(): ReadonlyMap<string | null, readonly DeviceState[]>;
}

/** The devices that are there, by name: who a member is stands in its subject, which nobody chooses for somebody else. */
export function devicesOf(presence: DevicePresence): Device[] {
  const devices: Device[] = [];
  for (const [subject, states] of presence.bySubject()) {
    const state = states.at(-1);
    if (subject?.startsWith('device ') && state !== undefined)
      devices.push({ name: subject.slice('device '.length), ...state });
  }
  return devices.sort((left, right) => left.name.localeCompare(right.name));
}
