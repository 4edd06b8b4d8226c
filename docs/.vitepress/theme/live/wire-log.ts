import { MessageType } from '@typewire/core/internal';

/** One message of the WebSocket, as the log shows it. */
export interface WireMessage {
  readonly number: number;
  readonly client: string;
  readonly direction: 'to-server' | 'to-client';
  /** Names of the messages in it, of several in a batch. */
  readonly names: string;
  readonly text: string;
}

const names: ReadonlyMap<unknown, string> = new Map(
  Object.entries(MessageType).map(([name, type]) => [type, name.toLowerCase()]),
);

/** The names of the protocol's page for what travels in `data`. */
export function nameMessages(data: string | Uint8Array): string {
  if (typeof data !== 'string') return 'binary';
  const message: unknown = JSON.parse(data);
  if (!Array.isArray(message)) return '?';
  const messages: unknown[] = Array.isArray(message[0]) ? message : [message];
  return messages.map((one) => names.get((one as unknown[])[0]) ?? '?').join(', ');
}
