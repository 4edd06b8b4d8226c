import type { Connect } from '@typewire/core';

/** A message as it stands on the wire: a number that says what it is, and its fields. */
export type Fields = readonly [type: number, ...fields: unknown[]];

export interface MessageFilter {
  /** What leaves the client in place of `message`. One for one: both ends count. */
  sent?(message: Fields): Fields;
  /** What the client gets in place of `message`. */
  received?(message: Fields): Fields;
}

/** Stands where a client's session meets its connections, as a bug in the client would. Bytes pass as they are. */
export function filterMessages(connect: Connect, filter: () => MessageFilter): Connect {
  return (url, listener) => {
    const { sent, received } = filter();
    const transport = connect(url, {
      ...listener,
      opened: () => listener.opened(),
      heard: (frame) => listener.heard(frame),
      closed: (event) => listener.closed(event),
      message: (data) => listener.message(typeof data === 'string' ? rewrite(data, received) : data),
    });
    const send = transport.send.bind(transport);
    transport.send = (data) => send(typeof data === 'string' ? rewrite(data, sent) : data);
    return transport;
  };
}

function rewrite(text: string, change: ((message: Fields) => Fields) | undefined): string {
  if (change === undefined) return text;
  const message = JSON.parse(text) as Fields | Fields[];
  return JSON.stringify(isBatch(message) ? message.map(change) : change(message));
}

function isBatch(message: Fields | Fields[]): message is Fields[] {
  return Array.isArray(message[0]);
}
