/** Orders: 2 kB come in, with secrets at some depth, and 2 kB go out. */

interface Item {
  sku: string;
  title: string;
  quantity: number;
  price: number;
}

export interface OrderInput {
  customer: { email: string; name: string; password: string };
  items: Item[];
  payment: { card: { cardNumber: string; cvv: string; expiry: string }; token: string };
  note: string;
}

let lastId = 0;

export async function createOrder({ customer, items, note }: OrderInput): Promise<Record<string, unknown>> {
  const total = await priceOf(items);
  return {
    id: `ord_${++lastId}`,
    customer: { email: customer.email, name: customer.name },
    items: items.map((item, line) => ({ line, ...item, total: item.quantity * item.price })),
    total,
    currency: 'GBP',
    status: 'accepted',
    note,
    placedAt: '2026-11-26T09:14:37.349Z',
  };
}

export async function priceOf(items: readonly Item[]): Promise<number> {
  await Promise.resolve();
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
