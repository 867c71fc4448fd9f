import { correlationId } from "@/lib/correlation.ts";
import { redactError } from "@/lib/redact-error.ts";
import { DatabaseError } from "./database-error.ts";
import { BEGIN_READING, BEGIN_WRITING, type Envelope } from "./envelope.ts";
import { createFlights, openTransaction } from "./flights.ts";
import { type Lane, openLane } from "./lane.ts";
import { createLanes } from "./lanes.ts";
import { siteConnection } from "./site-connection.ts";
import { createTransaction } from "./transaction.ts";
import { anonymous, type Transaction, type Viewer } from "./viewer.ts";

type Run<Result> = (tx: Transaction) => Promise<Result>;

/** The only door to the tables: everything that passes names who is asking, and Postgres decides. */
export interface Database {
  /**
   * Reads what the viewer may see, read-only. Queries issued together leave in one flight, envelope
   * included; each statement has its own snapshot.
   */
  readAs<Result>(viewer: Viewer, run: Run<Result>): Promise<Result>;
  /** A transaction that sees and changes what the viewer may; committed when `run` resolves. */
  writeAs<Result>(viewer: Viewer, run: Run<Result>): Promise<Result>;
  /** A job's transaction: the few rights of `app_worker`. */
  asWorker<Result>(run: Run<Result>): Promise<Result>;
  /** Sign-in, sign-up and session look-ups: the only one that reaches credentials. */
  asAuth<Result>(run: Run<Result>, mode?: "read" | "write"): Promise<Result>;
  /** Reads the signal log, no table of the site. */
  asRelay<Result>(run: Run<Result>): Promise<Result>;
  /** Lets running transactions finish. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Default: `connection_limit` of the URL, else 10. */
  readonly maxConnections?: number;
  /** How long to wait for a free connection, or for a new one to open. Default 10,000. */
  readonly waitMs?: number;
  /** Longest run of one statement. Default 5,000. */
  readonly statementTimeoutMs?: number;
  /** Longest run of a transaction, `run` included. Default 15,000. */
  readonly transactionTimeoutMs?: number;
}

/**
 * Connects lazily, as the plain login role, which may read nothing by itself.
 *
 * Every method rejects with Postgres's error (as the `cause` of Drizzle's, and without the values of the
 * statement) or a {@link DatabaseError}; after a rejection nothing of the transaction remains.
 *
 * A pooler in transaction mode is recognised. Behind it a query with parameters costs one round trip more.
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
      // What one lane has found out the others need not.
      if (lane.isPooled) address = { ...address, transactionPooler: true };
      return lane;
    },
    max: options.maxConnections ?? address.maxConnections ?? 10,
    waitMs,
    lifetimeMs: 60 * 60_000,
  });

  /** Settles with `work`, or as soon as the connection is lost or the time is up. */
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

  /** Gives the lane back once it is clean; one that cannot be cleaned is given up. */
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
      // Nothing a reader has read can still be taken back, so nobody waits for COMMIT's answer.
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
    // Not awaiting `opened` first is the point: the queries of `run` leave in the same flight.
    const result = await run(tx);
    await opened();
    return result;
  } catch (error) {
    // Why the transaction did not open says more than what failed because of it.
    await opened();
    throw error;
  } finally {
    end();
  }
}

/** @throws {DatabaseError} when Postgres, whatever its answer, has not committed. */
async function commit(lane: Lane): Promise<void> {
  const { command } = await lane.sql.unsafe("commit");
  if (lane.isLost()) {
    throw new DatabaseError("connection_lost", "The connection to Postgres broke off.");
  }
  if (command !== "COMMIT") {
    throw new DatabaseError(
      "rolled_back",
      "A statement failed and its error was swallowed, so the transaction was rolled back. Let the error through.",
    );
  }
}
