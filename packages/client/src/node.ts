// The engine of Node.js with options of your own; without them `createClient` finds it by itself.

export { type NodeTransportOptions, nodeTransport } from './transports/node.ts';
