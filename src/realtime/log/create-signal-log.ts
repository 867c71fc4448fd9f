import type { SignalLog, Sql } from "../server/ports.ts";
import { accessEpochs, bumpAccessEpoch } from "./access-epochs.ts";
import { append } from "./append.ts";
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
    accessEpochs: (channels) => accessEpochs(sql, channels),
  };
}
