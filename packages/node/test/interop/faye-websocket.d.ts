declare module 'faye-websocket' {
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  class FayeSocket {
    static isWebSocket(request: IncomingMessage): boolean;
    static Client: new (
      url: string,
      protocols: readonly string[],
    ) => FayeSocket;
    constructor(request: IncomingMessage, socket: Duplex, body: Buffer, protocols: readonly string[]);
    readonly protocol: string;
    on(event: 'open', listener: () => void): void;
    on(event: 'message', listener: (event: { readonly data: string | Buffer }) => void): void;
    on(event: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
    on(event: 'error', listener: (event: { readonly message: string }) => void): void;
    send(data: string | Buffer): boolean;
    ping(payload: string, onPong: () => void): boolean;
    close(code: number, reason: string): void;
  }
  export default FayeSocket;
}
