/** Texts that are made to be slow for a masker, and payloads as applications have them. */

/** What each is made of, over and over: beginnings of what is searched for, that never come to an end. */
export const hostileTexts: { name: string; seed: string }[] = [
  'a',
  ' ',
  '"',
  '\\"',
  '{"a":',
  'password=',
  'password:"',
  'password:{',
  'token=\\"',
  '<token>',
  'Bearer ',
  'basic basic:',
  'eyJ',
  'eyJhbGciOi.',
  '4111 ',
  '4111111111111111',
  '://a:',
  'http://u:p/',
  '-----BEGIN PRIVATE KEY',
  '-----BEGIN ',
  '?a&b;',
  '&access_token=',
  'a-',
].map((seed) => ({ name: `\`${seed}\``, seed }));

const order = (index: number): unknown => ({
  id: `ord_${1000 + index}`,
  customer: { email: 'ada@example.com', name: 'Ada', password: 'correct-horse' },
  items: [
    { sku: 'lamp-01', quantity: 2, price: 4900 },
    { sku: 'desk-02', quantity: 1, price: 52_900 },
  ],
  card: { cardNumber: '4242424242424242', cvv: '739', expiry: '12/29' },
  note: 'Please leave it at the door, and ring twice.',
  placedAt: '2026-11-23T19:14:37.349Z',
});

const item = (index: number): unknown => ({
  sku: `lamp-${100 + index}`,
  title: 'A lamp of brushed brass, with a shade of linen and a cord of two metres',
  quantity: 1 + (index % 3),
  price: 4900 + index,
});

/** Plain data of a size with four secrets in it, as a shop sends it. */
const basket = (items: number): unknown => ({
  customer: { email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct-horse-battery-staple' },
  items: Array.from({ length: items }, (_, index) => item(index)),
  payment: {
    card: { cardNumber: '4242424242424242', cvv: '739', expiry: '12/29' },
    token: 'tok_1Q2w3E4r5T6y7U8i9O0p',
  },
});

/** Where the secrets of a basket are, for maskers that have to be told. */
export const BASKET_PATHS: string[] = [
  'customer.password',
  'payment.card.cardNumber',
  'payment.card.cvv',
  'payment.token',
];

export const baskets: { name: string; value: unknown }[] = [
  { name: 'a basket of 2 kB', value: basket(14) },
  { name: 'a basket of 50 kB', value: basket(390) },
];

export const payloads: { name: string; value: unknown }[] = [
  ...baskets,
  { name: 'an order', value: order(0) },
  { name: 'a hundred orders', value: Array.from({ length: 100 }, (_, index) => order(index)) },
  { name: 'numbers', value: Array.from({ length: 2000 }, (_, index) => index * 1.5) },
  { name: 'a page of prose', value: { text: 'The quick brown fox jumps over the lazy dog. '.repeat(100) } },
];
