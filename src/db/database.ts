import { redactError } from "@/lib/errors/redact-error.ts";
import { correlationId } from "@/lib/http/correlation.ts";
import { DatabaseError } from "./database-error.ts";
import { BEGIN_READING, BEGIN_WRITING, type Envelope } from "./envelope.ts";
import { createFlights, openTransaction } from "./flights.ts";
import { type Lane, openLane } from "./lane.ts";
import { createLanes } from "./lanes.ts";
import { siteConnection } from "./site-connection.ts";
import { createTransaction } from "./transaction.ts";
import { anonymous, type Transaction, type Viewer } from "./viewer.ts";

type Run<Result> = (tx: Transaction) => Promise<Result>;

/** The only access to the tables: each method names the viewer or role, and row-level security decides. */
export interface Database {
  /**
   * A read-only transaction as the viewer. Queries issued together are sent together with BEGIN, the
   * session context and COMMIT; each statement has its own snapshot.
   */
  readAs<Result>(viewer: Viewer, run: Run<Result>): Promise<Result>;
  /** A read-write transaction as the viewer. It commits when `run` resolves. */
  writeAs<Result>(viewer: Viewer, run: Run<Result>): Promise<Result>;
  /** A transaction of a job, with the rights of `app_worker`. */
  asWorker<Result>(run: Run<Result>): Promise<Result>;
  /** A transaction for sign-in, sign-up and session look-ups. Only this role can read credentials. */
  asAuth<Result>(run: Run<Result>, mode?: "read" | "write"): Promise<Result>;
  /** A transaction that can read the signal log, and no table of the site. */
  asRelay<Result>(run: Run<Result>): Promise<Result>;
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
  const lanes = createLanes({
    open: async () => {
      const lane = await openLane(address, {
        statementTimeoutMs,
        idleTimeoutMs: transactionTimeoutMs,
        connectTimeoutMs: waitMs,
      });
      // The other connections need not detect it again.
      if (lane.isPooled) address = { ...address, transactionPooler: true };
      return lane;
    },
    max: options.maxConnections ?? address.maxConnections ?? 10,
    waitMs,
    lifetimeMs: 60 * 60_000,
  });

  /** Settles with `work`, or as soon as the connection is lost or the time limit is reached. */
  function bounded<Result>(lane: Lane, work: () => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const timer = setTimeout(() => {
        void lane.destroy();
        reject(
          new DatabaseError(
            "timed_out",
            `A transaction took longer than ${transactionTimeoutMs} ms.`,
          ),
        );
      }, transactionTimeoutMs);
      lane.onLost(reject);
      work()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    }).finally(() => lane.onLost(undefined));
  }

  /** Returns a connection to the pool once it is clean. One that cannot be cleaned is closed. */
  function release(lane: Lane, clean: () => Promise<unknown>): void {
    const cleaned = lane.isLost() ? Promise.resolve() : bounded(lane, clean);
    void cleaned.catch(() => lane.destroy()).finally(() => lanes.release(lane));
  }

  async function read<Result>(envelope: Envelope, run: Run<Result>): Promise<Result> {
    const lane = await lanes.acquire();
    const flights = createFlights(lane, envelope);
    try {
      return await bounded(lane, () =>
        runInside(createTransaction(lane, flights.board), run, flights.opened),
      );
    } catch (error) {
      throw redactError(error);
    } finally {
      // A read needs no confirmation, so it does not wait for the result of COMMIT.
      release(lane, flights.landed);
    }
  }

  async function write<Result>(envelope: Envelope, run: Run<Result>): Promise<Result> {
    const lane = await lanes.acquire();
    let clean: () => Promise<unknown> = async () => {};
    try {
      return await bounded(lane, async () => {
        const opened = openTransaction(lane, envelope);
        const result = await runInside(createTransaction(lane), run, () => opened);
        await commit(lane);
        return result;
      });
    } catch (error) {
      clean = async () => lane.sql.unsafe("rollback");
      throw redactError(error);
    } finally {
      release(lane, clean);
    }
  }

  const reads = (role: Envelope["role"], viewer = anonymous): Envelope => ({
    begin: BEGIN_READING,
    role,
    viewer,
  });
  const writes = (role: Envelope["role"], viewer = anonymous): Envelope => ({
    begin: BEGIN_WRITING,
    role,
    viewer,
    correlation: correlationId(),
  });
  return {
    readAs: (viewer, run) => read(reads("app_user", viewer), run),
    writeAs: (viewer, run) => write(writes("app_user", viewer), run),
    asWorker: (run) => write(writes("app_worker"), run),
    asAuth: (run, mode = "write") =>
      mode === "read" ? read(reads("app_auth"), run) : write(writes("app_auth"), run),
    asRelay: (run) => read(reads("app_relay"), run),
    close: () => lanes.close(),
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

/** @throws {DatabaseError} when Postgres has not committed. */
async function commit(lane: Lane): Promise<void> {
  const { command } = await lane.sql.unsafe("commit");
  if (lane.isLost()) {
    throw new DatabaseError("connection_lost", "The connection to Postgres was lost.");
  }
  if (command !== "COMMIT") {
    throw new DatabaseError(
      "rolled_back",
      "A statement failed and its error was swallowed, so the transaction was rolled back. Let the error through.",
    );
  }
}
