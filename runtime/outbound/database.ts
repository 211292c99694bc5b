/**
 * Statements and commands that go to databases, as far as their drivers tell of them on tracing channels:
 *
 * - `mysql2` 3.20 and later, `mssql` 12.4 and later, `db0` 0.4 and later with its `withTracing`,
 * - `@redis/client` 5.12 and later (`redis`), `mongoose` 9.7 and later.
 *
 * Left alone: `ioredis`, which marks rejections as handled as soon as anybody listens; a command that fails and that nobody
 * waits for would no longer end the process.
 */
import type { Observation } from '../platform/types.ts';
import { keepOfRequest, keptOfRequest } from '../requests.ts';
import type { Scope } from '../scope.ts';
import type { OutboundCall } from './call.ts';
import { audible, endOutbound, joinOutbound, reasonOf } from './call.ts';
import type { Listeners } from './channels.ts';
import { toStatement } from './statement.ts';

/** What drivers tell of a call, each in its own words; the same object from its beginning to its end. */
interface Told {
  query?: unknown;
  /** A statement, or the name of a command. */
  command?: unknown;
  statement?: unknown;
  procedure?: unknown;
  table?: unknown;
  operation?: unknown;
  collection?: unknown;
  batchMode?: unknown;
  dialect?: unknown;
  database?: unknown;
  error?: unknown;
}

/** Tracing channels by the kind of database, which `db0` tells itself. */
const CHANNELS: Record<string, readonly string[]> = {
  mysql: ['mysql2:query', 'mysql2:execute'],
  mssql: ['mssql:query', 'mssql:batch', 'mssql:execute', 'mssql:bulk', 'mssql:prepared-statement:execute'],
  redis: ['node-redis:command', 'node-redis:batch'],
  mongodb: [
    'mongoose:query',
    'mongoose:aggregate',
    'mongoose:model:save',
    'mongoose:model:insertMany',
    'mongoose:model:bulkWrite',
  ],
  sql: ['db0.query'],
};

/** What listens to drivers. */
export function databaseListeners({ options, activeScope }: Observation): Listeners {
  if (!options.captureOutbound) return {};
  /** Whose turn it is: see {@link poolListeners}. */
  const turn: { scope?: Scope | undefined } = {};
  const listeners: Listeners = poolListeners('tracing:mysql2:pool:connect', turn, activeScope);
  for (const [kind, names] of Object.entries(CHANNELS)) {
    for (const name of names) {
      listeners[`tracing:${name}:start`] = (told: Told) => {
        const scope = audible('scope' in turn ? turn.scope : activeScope());
        if (scope !== undefined) begin(scope, told, String(told.dialect ?? kind));
      };
      listeners[`tracing:${name}:error`] = (told: Told) => {
        const call = callOf(told);
        if (call !== undefined) endOutbound(call, 'error', { error: reasonOf(told.error) });
      };
      // Before the application is told, which may take its time.
      listeners[`tracing:${name}:asyncStart`] = (told: Told) => {
        const call = callOf(told);
        if (call?.running) endOutbound(call, 'info');
      };
    }
  }
  return listeners;
}

function begin(scope: Scope, told: Told, system: string): void {
  const message = describe(told, system);
  if (message === '') return;
  const { database } = told;
  const facts = typeof database === 'string' && database !== '' ? { system, database } : { system };
  keepOfRequest(told, joinOutbound(scope, message, 'db', facts));
}

/** What to call it, without any value; empty for a part of what is told as a whole. */
function describe(told: Told, system: string): string {
  const { command, procedure, table, operation, collection, batchMode } = told;
  if (batchMode !== undefined) return command === undefined ? String(batchMode) : '';
  if (procedure !== undefined) return `EXEC ${String(procedure)}`;
  if (table !== undefined) return `INSERT BULK ${String(table)}`;
  if (operation !== undefined) return [operation, collection].filter(Boolean).join(' ');
  return toStatement(String(told.query ?? command ?? told.statement ?? ''), system === 'mysql');
}

function callOf(told: Told): OutboundCall | undefined {
  return keptOfRequest(told) as OutboundCall | undefined;
}

/**
 * A statement that has to wait for a connection is sent, in the eyes of AsyncLocalStorage, by the request whose connection
 * it gets. The pool tells who waits, and when that one's turn has come.
 */
function poolListeners(
  name: string,
  turn: { scope?: Scope | undefined },
  activeScope: () => Scope | undefined,
): Listeners {
  return {
    [`${name}:start`]: (told: object) => keepOfRequest(told, { scope: activeScope() }),
    [`${name}:asyncStart`]: (told: object) => Object.assign(turn, keptOfRequest(told)),
    [`${name}:asyncEnd`]: () => delete turn.scope,
  };
}
