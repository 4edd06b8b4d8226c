import type { Load, LoadReport } from '../harness/load-child.ts';
import { percentile } from '../harness/median.ts';
import type { CallClient } from './call-client.ts';
import type { CallParams } from './call-params.ts';
import { orderNumber } from './order.ts';

/**
 * Opens the clients and returns the load: every client keeps `inFlightPerClient` calls open and issues the
 * next one when an answer arrives, as a busy program would. Each answer is checked.
 */
export async function driveCalls(params: CallParams, open: () => Promise<CallClient>): Promise<Load> {
  const clients: CallClient[] = [];
  for (let count = 0; count < params.clients; count++) clients.push(await open());
  const call = params.procedure === 'add' ? callAdd : callEcho;

  return async (messages): Promise<LoadReport> => {
    const latenciesUs: number[] = [];
    let issued = 0;
    const caller = async (client: CallClient) => {
      while (issued < messages) {
        const number = issued++;
        const startMs = performance.now();
        await call(client, number);
        latenciesUs.push((performance.now() - startMs) * 1_000);
      }
    };
    await Promise.all(
      clients.flatMap((client) => Array.from({ length: params.inFlightPerClient }, () => caller(client))),
    );
    return { messages: latenciesUs.length, figures: { p50Us: percentile(latenciesUs, 50) } };
  };
}

async function callAdd(client: CallClient, number: number): Promise<void> {
  const sum = await client.add(number, 1);
  if (sum !== number + 1) throw new Error(`${number} + 1 came back as ${sum}`);
}

/** Built once: making the object is not part of a call. */
const orders = Array.from({ length: 64 }, (_, number) => orderNumber(number));

async function callEcho(client: CallClient, number: number): Promise<void> {
  const order = orders[number % orders.length] ?? orderNumber(number);
  const echoed = await client.echo(order);
  if (echoed.id !== order.id || echoed.items.length !== order.items.length) throw new Error('another order came back');
}
