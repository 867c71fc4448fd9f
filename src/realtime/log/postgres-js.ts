import postgres from "postgres";
import type { Sql } from "../server/ports.ts";
import type { OpenDatabaseSession } from "./database-session.ts";

/** What postgres.js reads besides its documented options. */
type Options = postgres.Options<Record<string, never>> & {
  readonly onnotify?: (channel: string) => void;
};

/**
 * After so long without a statement Postgres ends a session. A relay asks every 2 s; one that was cut off
 * without a word (a network that is gone, a frozen machine) would hold the lead for hours otherwise.
 */
const silentMs = 30_000;

/** Sessions over postgres.js, one connection each: `postgresJs(process.env.DATABASE_URL)`. */
export function postgresJs(url: string, options: Options = {}): OpenDatabaseSession {
  return async ({ notified, closed }) => {
    let open = true;
    const fail = () => {
      if (!open) return;
      open = false;
      closed();
    };
    const client = postgres(url, {
      onnotice: () => {},
      ...options,
      max: 1,
      // The defaults would end the connection now and then, and the lead with it.
      idle_timeout: undefined,
      max_lifetime: null,
      connect_timeout: 5,
      keep_alive: 10,
      fetch_types: false,
      onnotify: notified,
      onclose: fail,
      connection: { idle_session_timeout: silentMs, ...options.connection },
    } as Options);
    const sql: Sql = <Row>(
      text: TemplateStringsArray,
      ...values: readonly (string | number | boolean | null)[]
    ) => {
      // postgres.js would reconnect and run it in a session that neither leads nor listens.
      if (!open) return Promise.reject(new Error("The database session is closed."));
      return client<Row[] & postgres.Row[]>(text, ...values) as unknown as PromiseLike<
        readonly Row[]
      >;
    };
    const close = async () => {
      open = false;
      await client.end({ timeout: 0 });
    };
    try {
      await sql`select`;
    } catch (error) {
      await close();
      throw error;
    }
    return { sql, close };
  };
}
