import type { OrderValue } from './order.ts';

/** One connection of any peer, reduced to the two procedures. Rejects when the call fails. */
export interface CallClient {
  add(a: number, b: number): Promise<number>;
  echo(order: OrderValue): Promise<OrderValue>;
}
