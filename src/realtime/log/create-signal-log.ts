import type { SignalLog, Sql } from "../server/ports.ts";
import { append } from "./append.ts";
import { accessEpochs, bumpAccessEpoch } from "./read/access-epochs.ts";
import { behind } from "./read/behind.ts";
import { since } from "./read/since.ts";

/** Options of {@link createSignalLog}. */
export interface SignalLogOptions {
  /** Runs single statements outside of a viewer's transaction, as a role granted as `readers`. */
  readonly sql: Sql;
}

/**
 * Creates the signal log on Postgres. The schema `querycast` must exist: see `migrateLog`.
 *
 * ```ts
 * const log = createSignalLog({ sql: postgres(process.env.DATABASE_URL) });
 * ```
 */
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
