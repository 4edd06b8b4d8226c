import type { ConnectionOptions, PerMessageDeflateOptions, WebSocketConnection } from '@typewire/node';

/** Wide enough for every case of the Autobahn test suite: 16 MiB messages, and 4 MiB ones in frames of 64 bytes. */
export const echoLimits: ConnectionOptions = {
  maxMessageBytes: 33_554_432,
  maxFragments: 1_048_576,
  maxControlFrames: 10_000,
  maxBufferedBytes: 134_217_728,
};

/** Everything that the suite's groups 12 and 13 ask for, and nothing that they do not. */
export const echoCompression: PerMessageDeflateOptions = {
  thresholdBytes: 0,
  maxInflatedBytesPerSecond: Number.POSITIVE_INFINITY,
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** Sends back what arrives, and reads no more while the peer does not take it. */
export function echo(connection: WebSocketConnection): void {
  connection.on('message', (message) => {
    if (!connection.send(message)) connection.pause();
  });
  connection.on('drain', () => connection.resume());
}
