import { order } from './broker-contract/order.ts';
import { reading } from './broker-contract/reading.ts';
import { repetition } from './broker-contract/repetition.ts';
import { Run } from './broker-contract/run.ts';
import type { BrokerSystem } from './broker-contract/system.ts';
import type { ContractCase } from './contract-case.ts';

/**
 * What every broker must do, wherever it lives. Register each case with your test runner:
 * `for (const { name, run } of brokerContract(createSystem)) it(name, run)`. Each case has a broker of its own.
 */
export function brokerContract(createSystem: () => BrokerSystem | Promise<BrokerSystem>): ContractCase[] {
  return Object.entries({ ...order, ...reading, ...repetition }).map(([name, sentence]) => ({
    name,
    async run() {
      const run = new Run(await createSystem());
      try {
        await sentence(run);
      } finally {
        await run.close();
      }
    },
  }));
}
