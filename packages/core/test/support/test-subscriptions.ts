import { SubscriptionTable } from '../../src/channels/subscription-table.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { testObserver } from './test-observer.ts';
import { testTable } from './test-table.ts';

export const lobby = { name: 'chat.room?room=lobby', path: '"chat.room"', params: ',{"room":"lobby"}', rewind: 0 };
export const hall = { name: 'chat.room?room=hall', path: '"chat.room"', params: ',{"room":"hall"}', rewind: 0 };
export const subscribeLobby = (id: number, position = 'null'): string =>
  `[32,${id},"chat.room",${position},0,{"room":"lobby"}]`;

export interface TestSubscriptions {
  readonly table: SubscriptionTable;
  readonly calls: ReturnType<typeof testTable>['table'];
  readonly sent: string[];
  connect(): void;
  disconnect(): void;
}

export function testSubscriptions(): TestSubscriptions {
  const { table: calls, sent, connect } = testTable();
  const table = new SubscriptionTable(createSuperjsonSerializer(), calls);
  return {
    table,
    calls,
    sent,
    connect() {
      connect();
      table.connected((text) => sent.push(String(text)), 0);
    },
    disconnect() {
      table.disconnected();
      calls.disconnected();
    },
  };
}

/** Connected, with one observer of the lobby that is subscribed at offset 10 as topic 1. */
export function inTheLobby(): TestSubscriptions & { observer: ReturnType<typeof testObserver>; leave: () => void } {
  const test = testSubscriptions();
  const observer = testObserver();
  test.connect();
  const leave = test.table.subscribe(lobby, observer, 0);
  test.table.receive([33, 1, 1, ['e1', 10, 7], 'fresh']);
  test.sent.length = 0;
  observer.told.length = 0;
  return { ...test, observer, leave };
}
