import { connect, type Socket } from "node:net";
import postgres from "postgres";
import {
  type ConnectionString,
  connectionOptions,
  isPooled,
  settingsStatement,
} from "querycast/postgres-js";
import { DatabaseError } from "../database-error.ts";

export interface ConnectionLimits {
  /** Time limit for connecting, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Time limit of a statement, in milliseconds, enforced by Postgres. */
  readonly statementTimeoutMs: number;
  /** Maximum idle time between two statements of a transaction, in milliseconds, enforced by Postgres. */
  readonly idleTimeoutMs: number;
}

/**
 * One connection that never reconnects. A postgres.js pool would reconnect silently: a statement of a
 * transaction must not run on another connection, where a COMMIT would even succeed.
 */
export interface Connection {
  readonly sql: postgres.Sql;
  readonly openedAtMs: number;
  /** Whether a pooler in transaction mode is in between, which may give each transaction another backend. */
  readonly isPooled: boolean;
  /** Settings that each transaction has to set. Empty without a pooler: then they were set after connecting. */
  readonly transactionSettings: Readonly<Record<string, string>>;
  isLost(): boolean;
  /** Sets the listener that is called once when the connection is lost. It replaces the previous one. */
  onLost(listener: ((error: DatabaseError) => void) | undefined): void;
  /** Closes the connection at once. */
  destroy(): Promise<void>;
}

/** Opens a connection. Its statements are pipelined: they run in the order they were sent. */
export async function openConnection(
  address: ConnectionString,
  limits: ConnectionLimits,
): Promise<Connection> {
  let lost = false;
  let listener: ((error: DatabaseError) => void) | undefined;
  const driver = connectionOptions(address);
  const sql = postgres({
    ...driver,
    socket: openSocket,
    max: 1,
    // The pool replaces connections between transactions; postgres.js would do it within one.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: limits.connectTimeoutMs / 1000,
    // postgres.js's own prepared statements would remain on a backend that other clients share.
    prepare: !address.transactionPooler,
    onnotice: () => {},
    onclose: () => {
      if (lost) return;
      lost = true;
      listener?.(new DatabaseError("connection_lost", "The connection to Postgres was lost."));
      void sql.end({ timeout: 0 });
    },
    connection: { application_name: "inkwell", ...driver.connection },
  } as postgres.Options<Record<string, never>>);
  const settings = settingsOf(address, limits);
  let pooled = address.transactionPooler;
  try {
    // Connects.
    pooled ||= await isPooled(sql);
    if (!pooled) await sql.unsafe(settingsStatement(settings, "session"));
  } catch (error) {
    lost = true;
    await sql.end({ timeout: 0 });
    throw error;
  }
  return {
    sql,
    openedAtMs: Date.now(),
    isPooled: pooled,
    transactionSettings: pooled ? settings : {},
    isLost: () => lost,
    onLost: (next) => {
      listener = next;
    },
    destroy: () => {
      lost = true;
      return sql.end({ timeout: 0 });
    },
  };
}

/**
 * Set after connecting or in the transaction, not in the start-up packet, where PgBouncer refuses most
 * settings. The formats are those that postgres.js parses, and override the defaults of the database.
 */
function settingsOf(address: ConnectionString, limits: ConnectionLimits): Record<string, string> {
  return {
    datestyle: "ISO",
    intervalstyle: "postgres",
    bytea_output: "hex",
    extra_float_digits: "1",
    ...address.settings,
    statement_timeout: String(limits.statementTimeoutMs),
    idle_in_transaction_session_timeout: String(limits.idleTimeoutMs),
  };
}

interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/**
 * A socket without Nagle's algorithm. With it the second half of a pipeline above 1 KB, where postgres.js
 * splits it, would wait until Postgres has acknowledged the first: one more round trip.
 */
function openSocket({ host: [host], port: [port], path }: Address): Socket {
  const socket = path
    ? connect({ path })
    : connect({ host: host ?? "localhost", port: port ?? 5432, noDelay: true });
  // postgres.js uses it to check the name in the server's certificate.
  return Object.assign(socket, { host });
}
