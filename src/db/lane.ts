import { connect, type Socket } from "node:net";
import postgres from "postgres";
import { DatabaseError } from "./database-error.ts";
import { ENTER } from "./envelope.ts";

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
  isLost(): boolean;
  /** Called at most once, when the connection is gone; replaces the listener before it. */
  onLost(listener: ((error: DatabaseError) => void) | undefined): void;
  /** Ends the connection, whatever is going on there. */
  destroy(): Promise<void>;
}

/** Connects. Statements sent on the lane run in the order they were sent, without waiting for each other. */
export async function openLane(url: string, options: LaneOptions): Promise<Lane> {
  let lost = false;
  let listener: ((error: DatabaseError) => void) | undefined;
  const sql = postgres(url, {
    socket: openSocket,
    max: 1,
    // The pool retires lanes between transactions; postgres.js would do it within one.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: options.connectTimeoutMs / 1000,
    onnotice: () => {},
    onclose: () => {
      if (lost) return;
      lost = true;
      listener?.(new DatabaseError("connection_lost", "The connection to Postgres broke off."));
      void sql.end({ timeout: 0 });
    },
    connection: {
      application_name: "inkwell",
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.idleTimeoutMs,
    },
  } as postgres.Options<Record<string, never>>);
  try {
    // Connects, and has the first transaction find its envelope prepared. Outside of a transaction
    // these settings end with the statement.
    await sql.unsafe(ENTER, ["none", "", ""], { prepare: true });
  } catch (error) {
    lost = true;
    await sql.end({ timeout: 0 });
    throw error;
  }
  return {
    sql,
    openedAt: Date.now(),
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
