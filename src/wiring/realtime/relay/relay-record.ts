import { hostname } from "node:os";
import { sql } from "drizzle-orm";
import type { RelayEvent } from "querycast/server";
import type { Database } from "@/db/database.ts";
import { relayReport } from "@/db/schema.ts";

export interface RelayRecordOptions {
  readonly database: Database;
  readonly onError: (error: unknown) => void;
  /** Name of this process for admins. Default `<host>:<pid>`. */
  readonly process?: string;
}

/** Writes the leader and its last failure to the database, so that each process can show them to admins. */
export interface RelayRecord {
  /** Call it with every event of the relay. It returns at once; the row is written later. */
  note(event: RelayEvent): void;
  /** Resolves when all pending changes are written. */
  flush(): Promise<void>;
}

interface Report {
  readonly leadingSince: Date;
  readonly failures: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}

const errorCharacters = 300;

/** Creates the record. A relay without failures writes once, when it becomes leader. */
export function createRelayRecord(options: RelayRecordOptions): RelayRecord {
  const { database, onError, process: leader = `${hostname()}:${process.pid}` } = options;
  let report: Report | undefined;
  let isDirty = false;
  let writing: Promise<void> | undefined;

  const write = async () => {
    while (isDirty && report !== undefined) {
      isDirty = false;
      const row = { leader, ...report };
      await database
        .asWorker((tx) =>
          tx
            .insert(relayReport)
            .values(row)
            .onConflictDoUpdate({
              target: relayReport.isOnly,
              // The last error is kept when another leader takes over.
              set: {
                ...row,
                lastError: sql`coalesce(excluded.last_error, ${relayReport.lastError})`,
                lastErrorAt: sql`coalesce(excluded.last_error_at, ${relayReport.lastErrorAt})`,
              },
            }),
        )
        .catch(onError);
    }
    writing = undefined;
  };
  const change = (next: Report) => {
    report = next;
    isDirty = true;
    writing ??= write();
  };

  return {
    note: (event) => {
      if (event.type === "leading") {
        change({ leadingSince: new Date(), failures: 0, lastError: null, lastErrorAt: null });
      } else if (event.type === "standby") {
        report = undefined;
      } else if (event.type === "broker-failed" || event.type === "database-failed") {
        if (report === undefined) return; // only the leader reports
        const lastError = messageOf(event.error).slice(0, errorCharacters);
        change({ ...report, failures: event.attempt, lastError, lastErrorAt: new Date() });
      } else if (event.type === "published" && report !== undefined && report.failures > 0) {
        change({ ...report, failures: 0 });
      }
    },
    flush: async () => {
      await writing;
    },
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
