import postgres from "postgres";
import { createPublisher, createSignalLog, type Sql } from "querycast/server";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase, type Database } from "@/db/database.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { type Contexts, createContexts } from "@/wiring/create-contexts.ts";
import { createTestDatabase } from "./database.ts";

/** A signal as stored in the log. */
export interface LoggedSignal {
  readonly channel: string;
  readonly name: string;
  readonly ids: Record<string, string> | null;
}

/** A database of the site, with contexts for its actions and queries. */
export interface SiteDatabase {
  readonly database: Database;
  readonly contexts: Contexts;
  /** Connection as the owner, without row-level security. */
  readonly owner: postgres.Sql;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /**
   * Signals written to the log since the last call, in order. Signals to the author of an article
   * (`article.…`), which triggers write, are included only with `toAuthors`.
   */
  newSignals(options?: { readonly toAuthors: boolean }): Promise<readonly LoggedSignal[]>;
  close(): Promise<void>;
}

export async function createSiteDatabase(): Promise<SiteDatabase> {
  const { ownerUrl, appUrl, close } = await createTestDatabase();
  const database = createDatabase(appUrl, { maxConnections: 4 });
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const readLog: Sql = (text, ...values) =>
    database.asRelay(async (tx) => toSql(tx)(text, ...values));
  const { publish } = createPublisher({ channels, log: createSignalLog({ sql: readLog }) });
  let lastPosition = "0";

  return {
    database,
    contexts: createContexts({ database, publish, jobWakeSignal: createWakeSignal() }),
    owner,
    ownerUrl,
    appUrl,
    newSignals: async ({ toAuthors } = { toAuthors: false }) => {
      const rows = await owner<(LoggedSignal & { at: string })[]>`
        select position::text as at, channel, name, ids::json as ids from querycast.signals
        where position > ${lastPosition} order by position`;
      lastPosition = rows.at(-1)?.at ?? lastPosition;
      return rows
        .filter(
          ({ channel, name }) => toAuthors || !/^user\..* article\./.test(`${channel} ${name}`),
        )
        .map(({ channel, name, ids }) => ({ channel, name, ids }));
    },
    close: async () => {
      await Promise.all([database.close(), owner.end()]);
      await close();
    },
  };
}
