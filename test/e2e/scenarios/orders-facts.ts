/** Facts about fixtures/orders-api: where its functions are, who calls it, and with what secrets. */
import { MASKED, step } from '../../support/e2e-event.ts';
import type { Expected } from '../../support/e2e-event.ts';
import type { Answer } from '../../support/e2e-http.ts';
import type { Project } from '../../support/e2e-project.ts';
import type { Memory } from '../../support/e2e-scenario.ts';

export const ADMIN_KEY = 'admin_9d2e61f0c3b84aa7';
export const PASSWORD = 'correct-horse-battery-staple';
export const CARD = '4242424242424242';
export const QUERY_TOKEN = 'shared_link_5b7d20e9';
export const BASIC: string = `Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}`;

/** Strings that no event may contain. */
export const SECRETS: readonly string[] = [ADMIN_KEY, PASSWORD, CARD, QUERY_TOKEN, BASIC.slice(6)];

export const customers = 'src/routes/customers.ts';
export const orders = 'src/routes/orders.ts';
const reports = 'src/routes/reports.ts';

type Site =
  | 'register'
  | 'login'
  | 'order'
  | 'find'
  | 'csv'
  | 'turnover'
  | 'authenticate'
  | 'accounts'
  | 'signIn'
  | 'customerOf'
  | 'insertCustomer'
  | 'findCustomer'
  | 'findProduct'
  | 'findCoupon'
  | 'discountFor'
  | 'quoteOrder'
  | 'place'
  | 'findOwn'
  | 'reserve'
  | 'charge'
  | 'sandbox'
  | 'insert'
  | 'findOrder'
  | 'all'
  | 'mail';

/** Each observed function: its file, and the text that its declaration begins with. */
export const at: Record<Site, readonly [file: string, text: string]> = {
  register: [customers, "customersRouter.post('/', async"],
  login: [customers, "customersRouter.post('/login', async"],
  order: [orders, "router.post('/', async"],
  find: [orders, "router.get('/:id', async"],
  csv: [reports, "router.get('/orders.csv', async"],
  turnover: [reports, "router.get('/turnover', async"],
  authenticate: ['src/middleware/authenticate.ts', 'export const authenticate'],
  accounts: ['src/services/accounts.ts', 'export async function register'],
  signIn: ['src/services/accounts.ts', 'export async function signIn'],
  customerOf: ['src/services/accounts.ts', 'export async function customerOf'],
  insertCustomer: ['src/repositories/customers.ts', 'export async function insertCustomer'],
  findCustomer: ['src/repositories/customers.ts', 'export async function findCustomer'],
  findProduct: ['src/repositories/catalogue.ts', 'async findProduct'],
  findCoupon: ['src/repositories/catalogue.ts', 'async findCoupon'],
  discountFor: ['src/services/discounts.ts', 'export async function discountFor'],
  quoteOrder: ['src/services/pricing.ts', 'export const quoteOrder'],
  place: ['src/services/order-service.ts', 'async place('],
  findOwn: ['src/services/order-service.ts', 'async find('],
  reserve: ['src/services/inventory.ts', 'async function reserveStock'],
  charge: ['src/payments/client.ts', 'async charge('],
  sandbox: ['src/payments/sandbox.ts', 'export const sandbox'],
  insert: ['src/repositories/orders.ts', 'async insert('],
  findOrder: ['src/repositories/orders.ts', 'async find('],
  all: ['src/repositories/orders.ts', 'async *all('],
  mail: ['src/services/mailer.ts', 'export default async function'],
};

export const items: object[] = [{ sku: 'lamp-01', quantity: 2 }];
export const card: object = { cardNumber: CARD, cvv: '739', expiry: '12/29' };
export const maskedCard: object = { cardNumber: MASKED, cvv: MASKED, expiry: '12/29' };
export const email = 'ada@example.com';

export const signedIn = ({ token }: Memory): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  cookie: `session=${token}`,
});

export const registration = (address: string): object => ({
  email: address,
  name: 'Ada',
  password: PASSWORD,
});

/** What every request of a customer begins with. */
export const authenticated = (project: Project): unknown[] => [
  step(project, 'authenticate', at.authenticate),
  step(project, 'customerOf', at.customerOf),
  step(project, 'findCustomer', at.findCustomer),
];

/** The fields of a request that was signed in. */
export const bearer = (answer: Answer): Expected => ({
  authMode: 'bearer',
  authScheme: 'Bearer',
  requestHeaders: { ...answer.sent, authorization: MASKED, cookie: `session=${MASKED}` },
});
