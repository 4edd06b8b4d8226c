import { z } from 'zod';

/** An everyday document: short strings, numbers, some nesting. */
export const Order = z.object({
  id: z.string(),
  placedAt: z.string(),
  paid: z.boolean(),
  totalCents: z.number(),
  customer: z.object({ id: z.string(), name: z.string(), email: z.string(), city: z.string() }),
  items: z.array(z.object({ sku: z.string(), title: z.string(), quantity: z.number(), priceCents: z.number() })),
  note: z.string(),
});

export type OrderValue = z.infer<typeof Order>;

const orderBytes = 1_024;

/** Exactly {@link orderBytes} bytes of JSON, whatever the number. */
export function orderNumber(number: number): OrderValue {
  const order: OrderValue = {
    id: `order-${number}`,
    placedAt: '2024-05-17T09:41:07.250Z',
    paid: true,
    totalCents: 41_930,
    customer: { id: 'customer-20417', name: 'Ann Example', email: 'ann@example.com', city: 'Utrecht' },
    items: Array.from({ length: 8 }, (_, index) => ({
      sku: `SKU-${1_000 + index}`,
      title: `Article number ${index}`,
      quantity: index + 1,
      priceCents: 1_199 + index * 250,
    })),
    note: '',
  };
  return { ...order, note: '.'.repeat(orderBytes - JSON.stringify(order).length) };
}
