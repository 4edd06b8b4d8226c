import { describe, inject, it } from 'vitest';
import { connect } from '../../client/src/transports/browser.ts';
import { transportContract } from '../src/index.ts';

describe("a browser's WebSocket", () => {
  const contract = transportContract({
    connect,
    url: inject('transportUrl'),
    // The discard port: nothing listens there.
    unreachableUrl: 'ws://127.0.0.1:9',
    capabilities: { controlFrames: false, abruptEnd: false },
  });
  for (const { name, run } of contract) it(name, run);
});
