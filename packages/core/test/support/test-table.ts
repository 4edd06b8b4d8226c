import { CallTable } from '../../src/calls/call-table.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';

export interface TestTable {
  readonly table: CallTable;
  readonly sent: string[];
  connect(now?: number): void;
}

export function testTable(maxQueueSize = 1_000): TestTable {
  const table = new CallTable({ serializer: createSuperjsonSerializer(), maxQueueSize });
  const sent: string[] = [];
  return { table, sent, connect: (now = 0) => table.connected((text) => sent.push(String(text)), now) };
}

export function connectedTable(): TestTable {
  const test = testTable();
  test.connect();
  return test;
}
