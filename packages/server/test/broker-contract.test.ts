import { brokerContract, fakeClock, fakeEnvironment, presenceContract, RemoteBroker, settled } from '@typewire/testing';
import { describe, it } from 'vitest';
import { MemoryBroker } from '../src/index.ts';

describe('the memory broker', () => {
  for (const { name, run } of presenceContract(createMemory)) it(name, run);
  for (const { name, run } of brokerContract(createMemory)) it(name, run);
});

describe('a broker behind a network that takes its time', () => {
  const clock = fakeClock();
  const createSystem = () => createRemote(clock);
  for (const { name, run } of [...brokerContract(createSystem), ...presenceContract(createSystem)]) {
    it(name, async () => {
      let isOver = false;
      const running = run().finally(() => {
        isOver = true;
      });
      while (!isOver) await clock.advanceAsync(1);
      await running;
    });
  }
});

function createMemory() {
  const environment = fakeEnvironment();
  let broker = new MemoryBroker(environment);
  return {
    connect: async () => broker,
    settle: settled,
    pass: async (ms: number) => environment.clock.advance(ms),
    async lose() {
      broker = new MemoryBroker(environment);
    },
    close: async () => {},
  };
}

/** Time moves by itself here, as whoever runs the case keeps the clock going. */
function createRemote(clock: ReturnType<typeof fakeClock>) {
  const environment = fakeEnvironment({ clock });
  const passed = (ms: number) => new Promise<void>((resolve) => void clock.setTimer(ms, resolve));
  let broker = new MemoryBroker(environment);
  return {
    connect: async () => new RemoteBroker(broker, { environment }),
    settle: () => passed(5),
    pass: passed,
    async lose() {
      broker = new MemoryBroker(environment);
    },
    close: async () => {},
  };
}
