export {
  HandshakeError,
  type HandshakeErrorCode,
  isHandshakeError,
  UsageError,
  type UsageErrorCode,
} from '@typewire/frame';
export { acceptUpgrade } from './accept-upgrade.ts';
export { type ConnectOptions, checkConnectOptions, connect } from './connect.ts';
export { ConnectError, type ConnectErrorCode, isConnectError } from './connect-error.ts';
export { type CreateConnectionOptions, createConnection, WebSocketConnection } from './connection.ts';
export type { ConnectionEvents } from './connection-listeners.ts';
export { type ConnectionOptions, connectionDefaults } from './connection-options.ts';
export { type StartTimer, systemTimer } from './deadline.ts';
export { type DeflateSettings, deflateDefaults, type PerMessageDeflateOptions } from './deflate-options.ts';
export { HalfOpenGate, type HalfOpenLimits, halfOpenDefaults } from './half-open-gate.ts';
export { acceptStream } from './http2/accept-stream.ts';
export { type ListenOptions, listen } from './listen.ts';
export { createOriginPolicy, type OriginOptions, type OriginPolicy } from './origin-policy.ts';
export { PreparedMessage, prepareMessage } from './prepared.ts';
export { refuseUpgrade } from './refuse-upgrade.ts';
export { ConnectionTracker, type ShutdownOptions, shutdownDefaults } from './shutdown.ts';
export {
  createUpgradeGate,
  type GateServer,
  type OnConnection,
  type UpgradeGate,
  type UpgradeGateOptions,
  upgradeGateOf,
} from './upgrade-gate.ts';
export type { IncomingUpgrade, UpgradeOptions, Verdict } from './upgrade-options.ts';
export { type ListenerEvents, WebSocketListener } from './web-socket-listener.ts';
