export { type CreateConnectionOptions, createConnection, WebSocketConnection } from './connection.ts';
export type { ConnectionEvents } from './connection-listeners.ts';
export { type ConnectionOptions, connectionDefaults } from './connection-options.ts';
export { PreparedMessage, prepareMessage } from './prepared.ts';
