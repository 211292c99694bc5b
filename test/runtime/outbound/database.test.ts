/** What drivers tell of statements and commands: the released ones, as far as they run here. */
import { tracingChannel } from 'node:diagnostics_channel';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createClient } from '@redis/client';
import type { Connector } from 'db0';
import { createDatabase } from 'db0';
import { withTracing } from 'db0/tracing';
import * as mysql from 'mysql2';
import { createConnection, createPool } from 'mysql2/promise';
import type { ConnectionOptions } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWithReplayStackContext } from '../../../runtime/context.ts';
import type { Breadcrumb } from '../../../runtime/protocol.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { forgetClient, startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => {
  forgetClient();
  test = await startRuntime();
});

afterEach(() => test[Symbol.asyncDispose]());

async function crumbsOf(body: () => Promise<unknown>): Promise<Breadcrumb[]> {
  return runWithReplayStackContext(async () => {
    await body();
    return test.client.getBreadcrumbs();
  });
}

const crumb = (message: string, metadata: object, level = 'info'): object => ({
  message,
  category: 'db',
  level,
  metadata: { durationMs: expect.any(Number), ...metadata },
  timestamp: expect.any(String),
});

describe('mysql2', () => {
  let server: ReturnType<typeof mysql.createServer>;
  let options: ConnectionOptions;

  beforeEach(async () => {
    server = mysql.createServer((connection) => {
      /** Client and server count packets from the command on. */
      const answer = (write: () => void, first = 1): void => {
        connection.sequenceId = first;
        write();
        connection.sequenceId = 0;
      };
      connection.serverHandshake({
        protocolVersion: 10,
        serverVersion: '8.0.0',
        connectionId: 1,
        statusFlags: 2,
        characterSet: 8,
        capabilityFlags: 0xff_ff_ff & ~2048,
        authCallback: (_login: unknown, done: (error: null) => void) => answer(() => done(null), 2),
      });
      connection.on('error', () => {});
      connection.on('query', (sql: string) => {
        setTimeout(() => {
          const error = { message: `SECRET in ${sql}`, code: 1064 };
          if (sql.startsWith('FAIL')) answer(() => connection.writeError(error));
          else answer(() => connection.writeOk({ affectedRows: 1 } as never));
        }, 5);
      });
    });
    const listening = server as unknown as { listen(port: number, ready: () => void): void; _server: Server };
    await new Promise<void>((resolve) => listening.listen(0, resolve));
    const { port } = listening._server.address() as AddressInfo;
    options = { host: '127.0.0.1', port, user: 'u', database: 'shop' };
  });

  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('tells a statement with its values, which are taken out', async () => {
    const connection = await createConnection(options);
    const crumbs = await crumbsOf(async () => {
      await connection.query('UPDATE t SET a = ?, n = ?', ["it's SECRET", 4711]);
      await connection.query('UPDATE t SET a = ? WHERE n = ?', ['SECRET', 4711]);
      await expect(connection.query('FAIL ?', ['SECRET'])).rejects.toThrow('SECRET');
    });
    connection.destroy();
    const facts = { system: 'mysql', database: 'shop' };
    expect(crumbs).toEqual([
      crumb('UPDATE t SET a = ?', facts),
      crumb('UPDATE t SET a = ? WHERE n = ?', facts),
      crumb('FAIL ?', { ...facts, error: 'ER_PARSE_ERROR' }, 'error'),
    ]);
  });

  it('counts one statement after the other as one breadcrumb, but for those that fail', async () => {
    const connection = await createConnection(options);
    const crumbs = await crumbsOf(async () => {
      for (let id = 1; id <= 5; id++) await connection.query('UPDATE t SET n = ?', [id]);
      for (let id = 1; id <= 2; id++) await connection.query('FAIL ?', [id]).catch(() => {});
    });
    connection.destroy();
    expect(crumbs).toMatchObject([
      { message: 'UPDATE t SET n = ?', metadata: { calls: 5 } },
      { message: 'FAIL ?', level: 'error' },
      { message: 'FAIL ?', level: 'error' },
    ]);
    expect(crumbs[0]?.metadata['durationMs']).toBeGreaterThan(20);
  });

  it('tells statements that wait for a connection of the pool to the request that sends them', async () => {
    const pool = createPool({ ...options, connectionLimit: 1 });
    const outside = pool.query('UPDATE outside');
    const runs = [0, 1, 2].map((run) =>
      crumbsOf(async () => {
        await pool.query(`UPDATE t${run}`);
        const connection = await pool.getConnection();
        await connection.query(`UPDATE u${run}`);
        connection.release();
      }),
    );
    const alsoOutside = pool.query('UPDATE outside');
    for (const [run, crumbs] of (await Promise.all(runs)).entries()) {
      expect(crumbs.map(({ message }) => message)).toEqual([`UPDATE t${run}`, `UPDATE u${run}`]);
    }
    await Promise.all([outside, alsoOutside]);
    expect(test.client.getBreadcrumbs()).toEqual([]);
    await pool.end();
  });
});

describe('@redis/client', () => {
  it('tells commands by name, and those that go together as one', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        // One answer for each command that came in, whose names alone count here.
        for (const [, name] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
          if (name === 'INCR') socket.write('-WRONGTYPE SECRET\r\n');
          else if (name === 'EXEC') socket.write('*2\r\n+OK\r\n+OK\r\n');
          else socket.write('+OK\r\n');
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const redis = createClient({ url: `redis://127.0.0.1:${port}/3`, RESP: 2 });
    await redis.connect();
    const crumbs = await crumbsOf(async () => {
      await redis.set('SECRET', 'SECRET');
      await redis.get('SECRET');
      await expect(redis.incr('SECRET')).rejects.toThrow('WRONGTYPE');
      await redis.multi().set('SECRET', '1').get('SECRET').exec();
    });
    redis.destroy();
    server.close();
    const facts = { system: 'redis' };
    expect(crumbs).toEqual([
      crumb('SET', facts),
      crumb('GET', facts),
      crumb('INCR', { ...facts, error: expect.stringMatching(/Error$/) }, 'error'),
      crumb('MULTI', facts),
    ]);
  });
});

describe('db0', () => {
  it('tells statements of a database that is traced', async () => {
    const connector = {
      name: 'test',
      dialect: 'sqlite',
      getInstance: () => ({}),
      exec: async (sql: string) => sql.length,
      prepare: () => ({
        bind: () => {},
        all: async () => [],
        run: async () => ({ success: true }),
        get: async () => {},
      }),
    } as unknown as Connector;
    const database = withTracing(createDatabase(connector));
    const crumbs = await crumbsOf(async () => {
      await database.exec("INSERT INTO t VALUES ('SECRET')");
      await database.prepare('SELECT * FROM t WHERE a = ?').all('SECRET');
      await database.sql`SELECT * FROM t WHERE b = ${'SECRET'}`;
    });
    expect(crumbs).toEqual([
      crumb('INSERT INTO t VALUES (?)', { system: 'sqlite' }),
      crumb('SELECT * FROM t WHERE a = ?', { system: 'sqlite' }),
      crumb('SELECT * FROM t WHERE b = ?', { system: 'sqlite' }),
    ]);
  });
});

/** As mssql 12.7 and mongoose 9.12 publish them. */
describe.each([
  ['mssql:query', { command: "SELECT 'SECRET', @id", parameters: ['id'] }, 'SELECT ?, @id', 'mssql'],
  ['mssql:batch', { command: 'CREATE TABLE #t (id int)' }, 'CREATE TABLE #t (id int)', 'mssql'],
  ['mssql:execute', { procedure: 'dbo.close_day', parameters: [] }, 'EXEC dbo.close_day', 'mssql'],
  ['mssql:bulk', { table: '[dbo].[t]', rowCount: 3 }, 'INSERT BULK [dbo].[t]', 'mssql'],
  ['mssql:prepared-statement:execute', { statement: 'SELECT @a', parameters: ['a'] }, 'SELECT @a', 'mssql'],
  ['mongoose:query', { operation: 'find', collection: 'users', database: 'shop' }, 'find users', 'mongodb'],
  ['mongoose:aggregate', { operation: 'aggregate', args: { pipeline: ['SECRET'] } }, 'aggregate', 'mongodb'],
  ['mongoose:model:save', { operation: 'save', collection: 'users' }, 'save users', 'mongodb'],
])('%s', (name, told, message, system) => {
  it('is told as a breadcrumb, by a promise and by a callback', async () => {
    const channel = tracingChannel(name);
    const crumbs = await crumbsOf(async () => {
      await channel.tracePromise(async () => {}, { ...told });
      await new Promise<void>((resolve, reject) => {
        channel.traceCallback(
          (done: (error: Error) => void) => setTimeout(done, 1, new TypeError('SECRET')),
          0,
          { ...told },
          undefined,
          (error: Error) => (error instanceof TypeError ? resolve() : reject(error)),
        );
      });
    });
    expect(crumbs).toMatchObject([
      { message, metadata: { system, calls: 2, error: 'TypeError' }, level: 'error', category: 'db' },
    ]);
    expect(JSON.stringify(crumbs)).not.toContain('SECRET');
  });
});
