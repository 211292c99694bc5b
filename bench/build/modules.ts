/** Texts of modules as a TypeScript backend has them, by their kind: some with targets, some without. */

/** Numbers that are the same in each run. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a module is written from. */
export interface Seed {
  random: Random;
  /** `Invoice12`, which no other module has. */
  subject: string;
  /** A type that its first import exports. */
  neighbour: string;
}

export type Kind = (seed: Seed) => string;

const VERBS = [
  'load',
  'find',
  'create',
  'update',
  'archive',
  'reconcile',
  'approve',
  'cancel',
  'export',
  'merge',
];
const FIELDS = [
  'amount',
  'currency',
  'customerId',
  'dueDate',
  'notes',
  'reference',
  'region',
  'status',
  'tags',
];
const REMARKS = [
  'Amounts are in the smallest unit of the currency, so that no sum is ever rounded.',
  'The upstream system sends dates without a time zone; they are meant as UTC.',
  'Callers hold a lock on the record, which keeps two of them from writing at once.',
  'Kept for clients before version 3, which still send the former name of the field.',
  'Most of these come in pairs, and the second of a pair is nearly always the same.',
];

const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;
const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join('\n\n');
const verb = (index: number): string => VERBS[index % VERBS.length] as string;

function interfaceOf({ random, subject }: Seed, index: number): string {
  const members = FIELDS.filter(() => random() < 0.7).map(
    (field) =>
      `  /** ${pick(random, REMARKS)} */\n  readonly ${field}${random() < 0.3 ? '?' : ''}: ${pick(random, ['string', 'number', 'Date', 'readonly string[]', "'open' | 'closed' | 'pending'"])};`,
  );
  return `/** What is known of ${subject}, part ${index}. */\nexport interface ${subject}Record${index} {\n  readonly id: string;\n${members.join('\n')}\n}`;
}

function statements(random: Random, wait: string): string {
  return `    const started = performance.now();
    // ${pick(random, REMARKS)}
    const rows = ${wait}this.store.query<Row>('select * from records where id = $1 and status = $2', [id, options.status ?? 'open']);
    const [first, ...others] = rows.filter((row) => row.deletedAt === null).map((row) => ({ ...row, total: row.amount * ${1 + Math.floor(random() * 9)} }));
    if (first === undefined) throw new RangeError(\`No record \${id} in \${this.region}\`);
    for (const other of others) {
      if (other.total > (options.limit ?? 10_000) && !options.force) continue;
      this.seen.set(other.id, { at: Date.now(), took: performance.now() - started });
    }`;
}

const types: Kind = (seed) => times(7, (index) => interfaceOf(seed, index));

const helpers: Kind = ({ random, subject }) =>
  `const known = new Map<string, number>([['EUR', 2], ['JPY', 0], ['KWD', 3]]);\n\n` +
  times(
    6,
    (index) => `/**
 * ${pick(random, REMARKS)}
 *
 * @param value in the smallest unit
 * @param currency three letters
 */
export function ${verb(index)}${subject}Amount${index}(value: number, currency: string, options: { readonly signed?: boolean } = {}): string {
  const digits = known.get(currency) ?? 2;
  const scaled = value / 10 ** digits;
  const text = scaled.toFixed(digits).replace(/\\B(?=(\\d{3})+(?!\\d))/g, ',');
  if (options.signed === true && value > 0) return \`+\${text} \${currency}\`;
  return Number.isNaN(scaled) ? '–' : [text, currency].join(' ');
}`,
  );

const classes: Kind = (seed) => {
  const { random, subject } = seed;
  return `interface Row { readonly id: string; readonly amount: number; readonly deletedAt: Date | null }
interface Options { readonly status?: string; readonly limit?: number; readonly force?: boolean }
interface Store { query<T>(text: string, values: readonly unknown[]): T[] }

${interfaceOf(seed, 0)}

/** ${pick(random, REMARKS)} */
export class ${subject}Index {
  private readonly seen = new Map<string, { at: number; took: number }>();
  readonly #listeners = new Set<(id: string) => void>();

  constructor(private readonly store: Store, protected readonly region: string = 'eu-central-1') {}

${times(
  2,
  (index) => `  /** ${pick(random, REMARKS)} */
  ${verb(index)}${index}(id: string, options: Options = {}): ${subject}Record0 | undefined {
${statements(random, '')}
    for (const listener of this.#listeners) listener(id);
    return this.seen.has(id) ? ({ ...first, reference: id } as unknown as ${subject}Record0) : undefined;
  }`,
)}
}`;
};

const services: Kind = (seed) => {
  const { random, subject, neighbour } = seed;
  return `interface Row { readonly id: string; readonly amount: number; readonly deletedAt: Date | null }
interface Options { readonly status?: string; readonly limit?: number; readonly force?: boolean }
interface Store { query<T>(text: string, values: readonly unknown[]): Promise<T[]> }

${interfaceOf(seed, 0)}

/** ${pick(random, REMARKS)} */
export class ${subject}Service {
  private readonly seen = new Map<string, { at: number; took: number }>();

  constructor(private readonly store: Store, private readonly region = 'eu-central-1') {}

${times(
  2,
  (index) => `  /** ${pick(random, REMARKS)} */
  async ${verb(index)}${index}(id: string, options: Options = {}): Promise<${subject}Record0 | ${neighbour}> {
${statements(random, 'await ')}
    return this.merge(first, others.length);
  }`,
)}

  private merge(row: Row, count: number): ${subject}Record0 {
    return { ...row, tags: Array.from({ length: count }, String) } as unknown as ${subject}Record0;
  }
}

export async function open${subject}(store: Store, { region = 'eu-central-1', retries = 3 } = {}): Promise<${subject}Service> {
  for (let attempt = 0; attempt < retries; attempt++) {
    try {
      await store.query('select 1', []);
      return new ${subject}Service(store, region);
    } catch (error) {
      if (attempt === retries - 1) throw new Error(\`The store of \${region} is away\`, { cause: error });
    }
  }
  throw new Error('unreachable');
}`;
};

const routes: Kind = (seed) => {
  const { random, subject } = seed;
  return `import { Router } from 'express';
import type { Request, Response } from 'express';

${interfaceOf(seed, 0)}

const router = Router();
const path = '/${subject.toLowerCase()}';
const recent = new Map<string, ${subject}Record0>();

${times(
  4,
  (index) => `/** ${pick(random, REMARKS)} */
router.${['get', 'post', 'put', 'delete'][index]}('/${subject.toLowerCase()}/:id/${verb(index)}', async (request: Request<{ id: string }>, response: Response) => {
  const { id } = request.params;
  const { status = 'open', limit = '20' } = request.query as Record<string, string | undefined>;
  // ${pick(random, REMARKS)}
  const body = (request.body ?? {}) as Partial<${subject}Record0>;
  if (!/^[\\w-]{4,40}$/.test(id) || Number(limit) > 200) {
    response.status(422).json({ error: 'invalid', details: { id, limit } });
    return;
  }
  const record = recent.get(id) ?? ({ ...body, id, status } as unknown as ${subject}Record0);
  recent.set(id, record);
  await new Promise((resolve) => setImmediate(resolve));
  response.status(${index === 1 ? 201 : 200}).json({ path, record, links: { self: \`\${path}/\${id}\` } });
});`,
)}

export { router as ${subject.toLowerCase()}Router };`;
};

const jobs: Kind = (seed) => {
  const { random, subject } = seed;
  return `${interfaceOf(seed, 0)}

${interfaceOf(seed, 1)}

${times(
  5,
  (index) => `/** ${pick(random, REMARKS)} */
export const ${verb(index)}${subject}${index} = async (records: readonly ${subject}Record0[], signal?: AbortSignal): Promise<Map<string, number>> => {
  const totals = new Map<string, number>();
  for (const record of records) {
    if (signal?.aborted) break;
    const key = [record.id, '${pick(random, FIELDS)}'].join(':');
    totals.set(key, (totals.get(key) ?? 0) + ${1 + Math.floor(random() * 90)});
    await Promise.resolve();
  }
  return totals;
};`,
)}`;
};

export const withTargets: readonly Kind[] = [services, services, routes, jobs];

export const withoutTargets: readonly Kind[] = [types, helpers, classes, classes];
