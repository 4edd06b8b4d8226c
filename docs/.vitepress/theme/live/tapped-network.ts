import type { Connect, Transport, TransportListener } from '@typewire/core';
import { memoryNetwork } from '@typewire/testing';

/** One client's way to the server, which can be cut, and tells what travels on it. */
export interface TappedNetwork {
  readonly connect: Connect;
  setOnline(online: boolean): void;
}

type Tell = (direction: 'to-server' | 'to-client', data: string | Uint8Array) => void;

export function tappedNetwork(accept: (transport: Transport) => TransportListener, tell: Tell): TappedNetwork {
  const network = memoryNetwork(accept);
  return {
    connect(url, listener) {
      const transport = network.connect(url, {
        opened: () => listener.opened(),
        message(data) {
          tell('to-client', data);
          listener.message(data);
        },
        heard: (frame) => listener.heard(frame),
        drained: () => listener.drained?.(),
        closed: (event) => listener.closed(event),
      });
      return tapSent(transport, tell);
    },
    setOnline(online) {
      network.reachable = online;
      if (!online) network.cut();
      // What a browser tells its pages: clients try at once, rather than when their next attempt is due.
      else globalThis.dispatchEvent?.(new Event('online'));
    },
  };
}

function tapSent(transport: Transport, tell: Tell): Transport {
  return {
    send(data) {
      tell('to-server', data);
      transport.send(data);
    },
    sendShared(message) {
      tell('to-server', message.data);
      transport.sendShared(message);
    },
    close: (code, reason) => transport.close(code, reason),
    terminate: () => transport.terminate(),
    pause: () => transport.pause?.(),
    resume: () => transport.resume?.(),
    get bufferedBytes() {
      return transport.bufferedBytes;
    },
  };
}
