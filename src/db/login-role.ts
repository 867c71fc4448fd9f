import type { Sql } from "postgres";

/** What the application logs in as: no table rights, and none inherited from the roles it may take on. */
export const LOGIN_ROLE = "inkwell_app";

/** The roles a transaction runs as. `app_relay` reads the signal log and nothing else. */
export const TRANSACTION_ROLES = ["app_user", "app_worker", "app_auth", "app_relay"] as const;
export type TransactionRole = (typeof TRANSACTION_ROLES)[number];

/**
 * Makes the application's login role, or brings an existing one back to what it should be, and lets
 * it change into the transaction roles. Run as an owner that may create roles, after the migrations.
 *
 * @throws when `appUrl` logs in as another role, or has no password.
 */
export async function ensureLoginRole(sql: Sql, appUrl: string): Promise<void> {
  const { username, password } = new URL(appUrl);
  if (decodeURIComponent(username) !== LOGIN_ROLE || password === "") {
    throw new Error(
      `DATABASE_URL logs in as "${username}". The application logs in as "${LOGIN_ROLE}" with a password, so that row-level security holds: postgres://${LOGIN_ROLE}:<password>@host:port/database.`,
    );
  }
  // Roles are rows of the whole cluster: another database of it may be migrating at this moment, and
  // the loser of that race is told "tuple concurrently updated". Every statement can be repeated.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sql.unsafe(grants(decodeURIComponent(password))).then(() => undefined);
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

function grants(password: string): string {
  // Utility statements take no parameters; quoting is format()'s.
  const memberships = TRANSACTION_ROLES.map(
    (role) => `
      IF NOT pg_has_role('${LOGIN_ROLE}', '${role}', 'MEMBER') THEN
        GRANT ${role} TO ${LOGIN_ROLE};
      END IF;`,
  );
  return `
    DO $do$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${LOGIN_ROLE}') THEN
        CREATE ROLE ${LOGIN_ROLE};
      END IF;
      EXECUTE format('ALTER ROLE ${LOGIN_ROLE} LOGIN NOINHERIT PASSWORD %L', ${literal(password)});
      ${memberships.join("")}
    END
    $do$`;
}

/** A string constant that ends neither the quotes nor the DO block around it. */
function literal(text: string): string {
  const hex = Buffer.from(text, "utf8").toString("hex");
  return `convert_from(decode('${hex}', 'hex'), 'UTF8')`;
}
