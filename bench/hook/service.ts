/** What is observed: three kinds of function, as a service has them. It is copied many times, so that there are many sites. */
import { createHash } from 'node:crypto';

interface Order {
  id: number;
  lines: { price: number; quantity: number }[];
}

const digests = new Map<number, string>();

/** Not exported, and so not observed. */
async function findOrder(id: number): Promise<Order> {
  const price = (id % 97) + 1;
  return { id, lines: Array.from({ length: 4 }, (_, quantity) => ({ price, quantity: quantity + 1 })) };
}

function digest(id: number): string {
  let known = digests.get(id & 63);
  if (known === undefined)
    digests.set(id & 63, (known = createHash('sha1').update(String(id)).digest('hex')));
  return known;
}

/** Computes a value. */
export async function priceOrder(id: number): Promise<number> {
  let total = 0;
  for (let index = 0; index < 8; index++) {
    const price = ((id + index) % 97) + 1;
    if (price > 97) throw new Error('never sold');
    total += price * (index + 1);
  }
  return total % 1000;
}

/** Waits for another. */
export async function describeOrder(id: number): Promise<number> {
  const order = await findOrder(id);
  const total = order.lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return total + digest(order.id).length;
}

/** Hands on the promise of another. */
export const countLines = async (id: number): Promise<number> => sizeOf(id);

async function sizeOf(id: number): Promise<number> {
  const { lines } = await findOrder(id);
  return lines.length + (id & 1);
}
