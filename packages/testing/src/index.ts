export { type FakeClock, fakeClock, settled } from './fake-clock.ts';
export { type FakeEnvironment, fakeEnvironment } from './fake-environment.ts';
export { type MemoryNetwork, memoryNetwork } from './memory-network.ts';
export { type MemoryPair, type MemoryTransport, memoryPair } from './memory-pair.ts';
export { seededRandom } from './seeded-random.ts';
export { type ContractCase, type TransportHarness, transportContract } from './transport-contract.ts';
export { TransportPeers } from './transport-peer.ts';
