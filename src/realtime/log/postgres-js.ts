import postgres from "postgres";
import type { Sql } from "../server/ports.ts";
import type { ConnectionString } from "./connection.ts";
import { connectionOptions } from "./connection-options.ts";
import { parseConnectionString } from "./connection-string.ts";
import type { OpenDatabaseSession } from "./database-session.ts";
import { demandSession } from "./demand-session.ts";
import { isPooled } from "./is-pooled.ts";
import { settingsStatement } from "./settings-statement.ts";

/** What postgres.js reads besides its documented options. */
type Options = postgres.Options<Record<string, never>> & {
  readonly onnotify?: (channel: string) => void;
};

/**
 * After so long without a statement Postgres ends a session. A relay asks every 2 s; one that was cut off
 * without a word (a network that is gone, a frozen machine) would hold the lead for hours otherwise.
 */
const silentMs = 30_000;

/** Whatever administrators have set for the database or the role, a session of the log works with these. */
const pinned = {
  datestyle: "ISO",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  idle_session_timeout: silentMs,
} as const;

/**
 * Sessions over postgres.js, one connection each: `postgresJs(process.env.DATABASE_URL)`.
 *
 * `options.connection` holds settings of Postgres, e.g. `{ role: "app_relay" }`. They are set after connecting, so a
 * pooler in session mode may be in between. One in transaction mode is recognised and refused when a session is
 * opened, before anything is set or locked on a backend that others share.
 *
 * @param url a connection string, or what `parseConnectionString` has made of one
 * @throws {ConnectionStringError} when the connection string cannot be used.
 */
export function postgresJs(
  url: string | ConnectionString,
  options: Options = {},
): OpenDatabaseSession {
  const parsed = typeof url === "string" ? parseConnectionString(url) : url;
  const address = connectionOptions(parsed);
  const { application_name: applicationName, ...asked } = options.connection ?? {};
  const settings = Object.fromEntries(
    Object.entries({ ...pinned, ...parsed.settings, ...asked }).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
  const clientOptions = {
    connect_timeout: 5,
    ...address,
    onnotice: () => {},
    ...options,
    connection: {
      ...address.connection,
      ...(applicationName === undefined ? {} : { application_name: applicationName }),
    },
    max: 1,
    // The defaults would end the connection now and then, and the lead with it.
    idle_timeout: undefined,
    max_lifetime: null,
    keep_alive: 10,
    fetch_types: false,
  } as Options;

  return async ({ notified, closed }) => {
    let open = true;
    const fail = () => {
      if (!open) return;
      open = false;
      closed();
    };
    let onNotification: (channel: string) => void = () => {};
    const client = postgres({
      ...clientOptions,
      onclose: fail,
      onnotify: (channel: string) => onNotification(channel),
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
      if (await isPooled(client)) {
        await demandSession(client, {
          another: () => postgres(clientOptions),
          onNotification: (listener) => {
            onNotification = listener;
          },
        });
      }
      onNotification = notified;
      await client.unsafe(settingsStatement(settings, "session"));
    } catch (error) {
      await close();
      throw error;
    }
    return { sql, close };
  };
}
