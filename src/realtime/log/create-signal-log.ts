import type { SignalLog, Sql } from "../server/ports.ts";
import { accessEpochs, bumpAccessEpoch } from "./access-epochs.ts";
import { append } from "./append.ts";
import { behind } from "./behind.ts";
import { since } from "./since.ts";

export interface SignalLogOptions {
  /** Runs single statements, outside of any viewer's transaction, as a role granted as `readers`. */
  readonly sql: Sql;
}

/** The signal log in Postgres, as {@link migrateLog} made it. */
export function createSignalLog({ sql }: SignalLogOptions): SignalLog {
  return {
    append,
    bumpAccessEpoch,
    since: (requests) => since(sql, requests),
    behind: (requests) => behind(sql, requests),
    relayAgeMs: async () => {
      const [row] = await sql<{
        age: number | null;
      }>`select querycast.relay_age_ms()::float8 as age`;
      return row?.age ?? null;
    },
    accessEpochs: (channels) => accessEpochs(sql, channels),
  };
}
