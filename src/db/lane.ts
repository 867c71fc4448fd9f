import { connect, type Socket } from "node:net";
import postgres from "postgres";
import {
  type ConnectionString,
  connectionOptions,
  isPooled,
  settingsStatement,
} from "querycast/postgres-js";
import { DatabaseError } from "./database-error.ts";

export interface LaneOptions {
  /** How long to try to connect, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Longest run of one statement, in milliseconds, enforced by Postgres. */
  readonly statementTimeoutMs: number;
  /** Longest pause between two statements of a transaction, in milliseconds, enforced by Postgres. */
  readonly idleTimeoutMs: number;
}

/**
 * One connection, which lives and dies with its lane. A postgres.js pool would reconnect behind our
 * back: a statement meant for a transaction must never run on another connection, and a COMMIT there
 * would even succeed.
 */
export interface Lane {
  readonly sql: postgres.Sql;
  readonly openedAt: number;
  /** Whether a pooler is in between, which may give each transaction another backend. */
  readonly isPooled: boolean;
  /** What each transaction of a pooled lane has to set. Other lanes have set it once. */
  readonly settings: Readonly<Record<string, string>>;
  isLost(): boolean;
  /** Called at most once, when the connection is gone; replaces the listener before it. */
  onLost(listener: ((error: DatabaseError) => void) | undefined): void;
  /** Ends the connection, whatever is going on there. */
  destroy(): Promise<void>;
}

/** Connects. Statements sent on the lane run in the order they were sent, without waiting for each other. */
export async function openLane(address: ConnectionString, options: LaneOptions): Promise<Lane> {
  let lost = false;
  let listener: ((error: DatabaseError) => void) | undefined;
  const connection = connectionOptions(address);
  const sql = postgres({
    ...connection,
    socket: openSocket,
    max: 1,
    // The pool retires lanes between transactions; postgres.js would do it within one.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: options.connectTimeoutMs / 1000,
    // Prepared statements that postgres.js makes for itself would stay with a backend that others share.
    prepare: !address.transactionPooler,
    onnotice: () => {},
    onclose: () => {
      if (lost) return;
      lost = true;
      listener?.(new DatabaseError("connection_lost", "The connection to Postgres broke off."));
      void sql.end({ timeout: 0 });
    },
    connection: { application_name: "inkwell", ...connection.connection },
  } as postgres.Options<Record<string, never>>);
  const settings = settingsOf(address, options);
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
    openedAt: Date.now(),
    isPooled: pooled,
    settings,
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
 * Set after connecting or in the transaction, never in the start-up packet, where PgBouncer refuses all but a few.
 * The formats are those that postgres.js reads, whatever the database's defaults are.
 */
function settingsOf(address: ConnectionString, options: LaneOptions): Record<string, string> {
  return {
    datestyle: "ISO",
    intervalstyle: "postgres",
    bytea_output: "hex",
    extra_float_digits: "1",
    ...address.settings,
    statement_timeout: String(options.statementTimeoutMs),
    idle_in_transaction_session_timeout: String(options.idleTimeoutMs),
  };
}

interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/**
 * A socket that sends at once. With Nagle's algorithm the second half of a flight above 1 KB, where
 * postgres.js cuts it, waits until Postgres has acknowledged the first: one more round trip.
 */
function openSocket({ host: [host], port: [port], path }: Address): Socket {
  const socket = path
    ? connect({ path })
    : connect({ host: host ?? "localhost", port: port ?? 5432, noDelay: true });
  // postgres.js reads it to check the name in the server's certificate.
  return Object.assign(socket, { host });
}
