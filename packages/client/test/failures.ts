import { settled } from '@typewire/testing';
import type { Served, Service } from './failure-service.ts';

/** Loses the connection, does `away` while there is none, and comes back or not. */
type Failure = (served: Served, service: Service, away: () => Promise<void>) => Promise<void>;

const comeBack = (served: Served): Promise<void> => served.environment.clock.advanceAsync(61_000);

export const failures = {
  'a lost connection': async (served, _service, away) => {
    served.network.cut();
    await settled();
    await away();
    await comeBack(served);
  },
  'a connection that only the client knows is lost': async (served, _service, away) => {
    served.network.pairs.at(-1)?.hold();
    await away();
    served.client.reconnect();
    await comeBack(served);
  },
  'an absence longer than sessions are kept': async (served, _service, away) => {
    served.network.reachable = false;
    served.network.cut();
    await settled();
    await away();
    await served.environment.clock.advanceAsync(121_000);
    served.network.reachable = true;
    await comeBack(served);
  },
  'more missed than is kept': async (served, { noise }, away) => {
    served.network.cut();
    await settled();
    await away();
    for (let number = 0; number < 1_001; number++) await served.wire.publish(noise(), number);
    await comeBack(served);
  },
  'a server that crashes': async (served, _service, away) => {
    served.restart();
    await settled();
    await away();
    // Long enough for the server that was left behind, which no crash ends here.
    await served.environment.clock.advanceAsync(121_000);
  },
  'a server that drains': async (served, _service, away) => {
    await served.wire.drain();
    await settled();
    served.restart();
    await away();
    await comeBack(served);
  },
  'a client that is closed': async (served, _service, away) => {
    await away();
    await served.client.close();
    await settled();
  },
} satisfies Record<string, Failure>;
