import type { Load, LoadReport } from '../harness/load-child.ts';
import { checkEvent, type FanEvent } from './fan-event.ts';
import { everybody, type FanParams } from './fan-params.ts';

/** One connection, opened through the client of its library. */
export interface FanClient {
  /** Resolves when the server will tell it of the topic. */
  subscribe(topic: string, heard: (event: FanEvent) => void): Promise<void>;
  /** Has the server publish an event to everybody. */
  publish(index: number): void;
}

/** How many connections or subscriptions are on their way at once while they are opened. */
const openingAtOnce = 50;

export async function driveFanOut(params: FanParams, open: () => Promise<FanClient>): Promise<Load> {
  switch (params.measure) {
    case 'deliveries':
      return driveDeliveries(params, open);
    case 'connections':
      return async (messages) => {
        await times(messages, async () => (await open()).subscribe(everybody, () => {}));
        return { messages, figures: {} };
      };
    case 'topics':
      return driveTopics(params.perConnection, open);
  }
}

type Deliveries = Extract<FanParams, { measure: 'deliveries' }>;

/** Every subscriber checks that it is told of each event, once and in order. */
async function driveDeliveries(
  { subscribers, eventsAtOnce }: Deliveries,
  open: () => Promise<FanClient>,
): Promise<Load> {
  let published = 0;
  let missing = 0;
  let allHeard = () => {};
  await times(subscribers, async () => {
    let expected = 0;
    const client = await open();
    await client.subscribe(everybody, (event: FanEvent) => {
      checkEvent(event, expected++);
      if (--missing === 0) allHeard();
    });
  });
  const publisher = await open();

  return async (messages): Promise<LoadReport> => {
    const bursts = Math.ceil(messages / subscribers / eventsAtOnce);
    for (let burst = 0; burst < bursts; burst++) {
      missing = subscribers * eventsAtOnce;
      await new Promise<void>((resolve) => {
        allHeard = resolve;
        for (let count = 0; count < eventsAtOnce; count++) publisher.publish(published++);
      });
    }
    return { messages: bursts * eventsAtOnce * subscribers, figures: {} };
  };
}

function driveTopics(perConnection: number, open: () => Promise<FanClient>): Load {
  let topics = 0;
  return async (messages) => {
    await times(Math.ceil(messages / perConnection), async () => {
      const client = await open();
      for (let count = 0; count < perConnection; count++) await client.subscribe(`topic ${topics++}`, () => {});
    });
    return { messages, figures: {} };
  };
}

async function times(count: number, run: () => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun++;
      await run();
    }
  };
  await Promise.all(Array.from({ length: Math.min(openingAtOnce, count) }, worker));
}
