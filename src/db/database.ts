import { redactError } from "@/lib/errors/redact-error.ts";
import { correlationId } from "@/lib/http/correlation.ts";
import { type Connection, openConnection } from "./connection/connection.ts";
import { createConnectionPool } from "./connection/connection-pool.ts";
import { createPipelinedStatements } from "./connection/pipelined-statements.ts";
import { BEGIN_READING, BEGIN_WRITING, type SessionContext } from "./connection/session-context.ts";
import { siteConnection } from "./connection/site-connection.ts";
import { DatabaseError } from "./database-error.ts";
import { beginTransaction, commitTransaction, createTransaction } from "./transaction.ts";
import { anonymous, type Transaction, type Viewer } from "./viewer.ts";

type Run<Result> = (tx: Transaction) => Promise<Result>;

interface Lease {
  readonly connection: Connection;
  /** Settles with the work, or as soon as the connection is lost or the time limit is reached. */
  run<Result>(work: Promise<Result>): Promise<Result>;
  /** Returns the connection to the pool when `clean` has settled. One that cannot be cleaned is destroyed. */
  release(clean: () => Promise<unknown>): Promise<void>;
}

/** The only access to the tables: each method names the viewer or role, and row-level security decides. */
export interface Database {
  /**
   * A read-only transaction as the viewer. Queries issued together are sent together with BEGIN, the
   * session context and COMMIT; each statement has its own snapshot.
   */
  readAs<Result>(viewer: Viewer, run: Run<Result>): Promise<Result>;
  /**
   * A read-write transaction as the viewer. It commits when `run` resolves.
   *
   * @param origin origin of the mutation, for signals of triggers: see `originOf`
   */
  writeAs<Result>(viewer: Viewer, run: Run<Result>, origin?: string): Promise<Result>;
  /** A transaction of a job, with the rights of `app_worker`. */
  asWorker<Result>(run: Run<Result>): Promise<Result>;
  /** A transaction for sign-in, sign-up and session look-ups. Only this role can read credentials. */
  asAuth<Result>(run: Run<Result>, mode?: "read" | "write"): Promise<Result>;
  /** A transaction that can read the signal log, and no table of the site. */
  asRelay<Result>(run: Run<Result>): Promise<Result>;
  /** A read-only transaction that can read the rows of a channel that all of its viewers may read. */
  asTopic<Result>(channel: string, run: Run<Result>): Promise<Result>;
  /** Waits for running transactions, then closes all connections. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Default: `connection_limit` of the URL, else 10. */
  readonly maxConnections?: number;
  /** Time limit for a free or a new connection. Default 10,000. */
  readonly waitMs?: number;
  /** Time limit of a statement. Default 5,000. */
  readonly statementTimeoutMs?: number;
  /** Time limit of a transaction, including `run`. Default 15,000. */
  readonly transactionTimeoutMs?: number;
}

/**
 * Creates the connection pool. It connects lazily, as the login role, which has no table rights.
 *
 * Every method rejects with Postgres's error (as the `cause` of Drizzle's, without the values of the
 * statement) or with a {@link DatabaseError}. After a rejection the transaction is rolled back.
 *
 * A pooler in transaction mode is detected. Behind it a query with parameters costs one more round trip.
 *
 * @throws {ConnectionStringError} when the URL cannot be used.
 */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { transactionTimeoutMs = 15_000, statementTimeoutMs = 5_000, waitMs = 10_000 } = options;
  let address = siteConnection(url, "DATABASE_URL");
  const pool = createConnectionPool({
    open: async () => {
      const connection = await openConnection(address, {
        statementTimeoutMs,
        idleTimeoutMs: transactionTimeoutMs,
        connectTimeoutMs: waitMs,
      });
      // The other connections need not detect it again.
      if (connection.isPooled) address = { ...address, transactionPooler: true };
      return connection;
    },
    max: options.maxConnections ?? address.maxConnections ?? 10,
    waitMs,
    lifetimeMs: 60 * 60_000,
  });

  /** A connection for one transaction, which is destroyed when that takes longer than the time limit. */
  async function lease(): Promise<Lease> {
    const connection = await pool.acquire();
    let fail: (error: DatabaseError) => void = () => {};
    const run: Lease["run"] = (work) =>
      new Promise((resolve, reject) => {
        fail = reject;
        work.then(resolve, reject);
      });
    connection.onLost((error) => fail(error));
    const timer = setTimeout(() => {
      void connection.destroy();
      const message = `A transaction took longer than ${transactionTimeoutMs} ms.`;
      fail(new DatabaseError("timed_out", message));
    }, transactionTimeoutMs);
    return {
      connection,
      run,
      release: async (clean) => {
        if (!connection.isLost()) await run(clean()).catch(() => connection.destroy());
        clearTimeout(timer);
        connection.onLost(undefined);
        pool.release(connection);
      },
    };
  }

  async function read<Result>(context: SessionContext, run: Run<Result>): Promise<Result> {
    const { connection, ...leased } = await lease();
    const statements = createPipelinedStatements(connection, context);
    let clean = statements.committed;
    try {
      const result = await leased.run(
        runInside(createTransaction(connection, statements.beforeQuery), run, statements.opened),
      );
      // A read needs no confirmation. The statements of the next transaction are sent after COMMIT, and run after it.
      if (!connection.isPooled) clean = statements.ended;
      return result;
    } catch (error) {
      throw redactError(error);
    } finally {
      void leased.release(clean);
    }
  }

  async function write<Result>(context: SessionContext, run: Run<Result>): Promise<Result> {
    const { connection, ...leased } = await lease();
    let clean: () => Promise<unknown> = async () => {};
    const transact = async () => {
      const opened = beginTransaction(connection, context);
      const result = await runInside(createTransaction(connection), run, () => opened);
      await commitTransaction(connection);
      return result;
    };
    try {
      return await leased.run(transact());
    } catch (error) {
      clean = async () => connection.sql.unsafe("rollback");
      throw redactError(error);
    } finally {
      void leased.release(clean);
    }
  }

  const reads = (role: SessionContext["role"], viewer = anonymous): SessionContext => ({
    begin: BEGIN_READING,
    role,
    viewer,
  });
  const writes = (role: SessionContext["role"], viewer = anonymous): SessionContext => ({
    begin: BEGIN_WRITING,
    role,
    viewer,
    correlation: correlationId(),
  });
  return {
    readAs: (viewer, run) => read(reads("app_user", viewer), run),
    writeAs: (viewer, run, origin) => write({ ...writes("app_user", viewer), origin }, run),
    asWorker: (run) => write(writes("app_worker"), run),
    asAuth: (run, mode = "write") =>
      mode === "read" ? read(reads("app_auth"), run) : write(writes("app_auth"), run),
    asRelay: (run) => read(reads("app_relay"), run),
    asTopic: (topic, run) => read({ ...reads("app_topic"), topic }, run),
    close: () => pool.close(),
  };
}

async function runInside<Result>(
  { tx, end }: { tx: Transaction; end: () => void },
  run: Run<Result>,
  opened: () => Promise<unknown>,
): Promise<Result> {
  try {
    // `opened` is not awaited before `run`, so that its queries are sent together with BEGIN.
    const result = await run(tx);
    await opened();
    return result;
  } catch (error) {
    // The error of opening the transaction explains more than the errors that follow from it.
    await opened();
    throw error;
  } finally {
    end();
  }
}
