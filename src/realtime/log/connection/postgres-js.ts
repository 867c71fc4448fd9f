import postgres from "postgres";
import type { Sql } from "../../server/ports.ts";
import { assertSession } from "./assert-session.ts";
import type { ConnectionString } from "./connection.ts";
import { connectionOptions } from "./connection-options.ts";
import { parseConnectionString } from "./connection-string.ts";
import type { OpenDatabaseSession } from "./database-session.ts";
import { isPooled } from "./is-pooled.ts";
import { settingsStatement } from "./settings-statement.ts";

/** Includes an undocumented option of postgres.js. */
type Options = postgres.Options<Record<string, never>> & {
  readonly onnotify?: (channel: string) => void;
};

/**
 * Idle time after which Postgres ends a session. A relay sends a statement at least every 2 s. Without this limit a
 * relay that was cut off by the network or a frozen machine would hold the lead for hours.
 */
const silentMs = 30_000;

/** Settings that a session of the log needs, overriding those of the database and the role. */
const pinned = {
  datestyle: "ISO",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  idle_session_timeout: silentMs,
} as const;

/**
 * A session that was cut off within the messages of a statement is in a transaction, not idle, and `statement_timeout`
 * does not end the wait for a message. Only Postgres 17 and later have this limit.
 */
const transactionLimit = `select set_config(name, '${silentMs}', false) from pg_settings
  where name = 'transaction_timeout' and setting = '0'`;

/**
 * Creates a function that opens database sessions with postgres.js, one connection each. Connects only when the
 * function is called.
 *
 * ```ts
 * const log = createRelayLog({ open: postgresJs(process.env.DATABASE_URL, { connection: { role: "app_relay" } }) });
 * ```
 *
 * A pooler in session mode works, since the settings are applied after connecting. A pooler in transaction mode is
 * detected: opening a session then rejects before it sets or locks anything.
 *
 * @param url a connection string, or the result of `parseConnectionString`.
 * @param options of postgres.js. `options.connection` contains settings of Postgres.
 * @throws {ConnectionStringError} when the connection string is invalid.
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
    // The defaults would close the connection after some time, which releases the lead.
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
      // postgres.js would reconnect and run the statement in a session without the lead and without `listen`.
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
        await assertSession(client, {
          another: () => postgres(clientOptions),
          onNotification: (listener) => {
            onNotification = listener;
          },
        });
      }
      onNotification = notified;
      await client.unsafe(`${settingsStatement(settings, "session")}; ${transactionLimit}`);
    } catch (error) {
      await close();
      throw error;
    }
    return { sql, close };
  };
}
