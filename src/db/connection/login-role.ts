import postgres, { type Sql } from "postgres";
import { connectionOptions } from "querycast/postgres-js";
import { quoteText } from "./quote-text.ts";
import { siteConnection } from "./site-connection.ts";

/**
 * The roles that transactions run as. `app_relay` can read the signal log and nothing else. `app_topic` can read the
 * rows of one channel that all of its viewers may read.
 */
export const TRANSACTION_ROLES = [
  "app_user",
  "app_worker",
  "app_auth",
  "app_relay",
  "app_topic",
] as const;
export type TransactionRole = (typeof TRANSACTION_ROLES)[number];

/**
 * Creates or updates the login role of `appUrl`, and lets it change into the transaction roles. It has no
 * table rights and inherits none. Run it after the migrations, as an owner that may create roles.
 *
 * Roles belong to the cluster, so all its sites share them. A role that another database uses, or that was
 * not created for a site, keeps its password: `appUrl` has to log in with it, or is refused. So an owner
 * that may not create roles can use one created by an administrator.
 *
 * @throws when `appUrl` has no password, has the wrong password of an existing role, names a role that
 * bypasses row-level security, or when the owner may not grant the transaction roles.
 */
export async function ensureLoginRole(sql: Sql, appUrl: string): Promise<void> {
  const { user, password } = siteConnection(appUrl, "DATABASE_URL");
  if (password === "") {
    throw new Error(
      `DATABASE_URL has no password for "${user}". Give one: postgres://${user}:password@host:port/database.`,
    );
  }
  if ((TRANSACTION_ROLES as readonly string[]).includes(user)) {
    throw new Error(
      `DATABASE_URL logs in as "${user}", the role of a transaction. Give the login role another name, e.g. inkwell_app.`,
    );
  }
  const found = await readRole(sql, user);
  if (found?.unrestricted === true) {
    throw new Error(
      `DATABASE_URL logs in as "${user}", which migrates, owns the database, or bypasses row-level security. The site needs a role of its own, without rights: give DATABASE_URL another name, e.g. inkwell_app. The migration makes the role.`,
    );
  }
  const isOwn = found === undefined || (found.member && found.others.length === 0);
  if (isOwn) await setPassword(sql, { user, password, appUrl, exists: found !== undefined });
  else await assertPassword(found, user, appUrl);
  if (found?.inherits === true) await run(sql, `ALTER ROLE ${identifier(user)} NOINHERIT`, user);
  for (const role of TRANSACTION_ROLES) {
    if (found?.memberOf.includes(role) !== true) {
      await run(sql, `GRANT ${role} TO ${identifier(user)}`, user);
    }
  }
  await claim(sql, user);
}

/**
 * Creates the role or changes its password. Does nothing when the owner may not do so and the role can log
 * in already.
 */
async function setPassword(
  sql: Sql,
  role: { user: string; password: string; appUrl: string; exists: boolean },
): Promise<void> {
  const name = identifier(role.user);
  if (!role.exists) await run(sql, `CREATE ROLE ${name} NOLOGIN NOINHERIT`, role.user);
  try {
    await run(sql, `ALTER ROLE ${name} LOGIN PASSWORD ${quoteText(role.password)}`, role.user);
  } catch (error) {
    if ((await refusalOf(role.appUrl)) !== undefined) throw error;
  }
}

/** A role that other sites use keeps its password, so `appUrl` has to contain it. */
async function assertPassword(found: FoundRole, user: string, appUrl: string): Promise<void> {
  const refusal = await refusalOf(appUrl);
  if (refusal === undefined) return;
  const databases = found.others.map((name) => `"${name}"`).join(", ");
  const why = found.member
    ? `belongs to the site of another database of this cluster (${databases})`
    : "exists in this cluster and was not made for a site";
  throw new Error(
    `The role "${user}" of DATABASE_URL ${why}, and DATABASE_URL does not log in (${refusal}). Give DATABASE_URL another role name, e.g. ${user}_2, which the migration makes; or the password that the role has.`,
  );
}

interface FoundRole {
  readonly inherits: boolean;
  /** Whether row-level security does not apply to it in this database. */
  readonly unrestricted: boolean;
  /** Whether it can change into a transaction role already. */
  readonly member: boolean;
  readonly memberOf: readonly string[];
  /** Other databases whose sites log in with it. */
  readonly others: readonly string[];
}

async function readRole(sql: Sql, name: string): Promise<FoundRole | undefined> {
  const [role] = await sql<{ oid: number; inherits: boolean; unrestricted: boolean }[]>`
    select oid::int8::int as oid, rolinherit as inherits,
      rolsuper or rolbypassrls or rolname = current_user or rolname = session_user
        or exists (select from pg_database where datname = current_database() and datdba = pg_roles.oid)
        as unrestricted
    from pg_roles where rolname = ${name}`;
  if (role === undefined) return undefined;
  const memberships = await sql<{ name: string }[]>`
    select rolname as name from pg_auth_members join pg_roles on pg_roles.oid = roleid
    where member = ${role.oid}::int8::oid`;
  const memberOf = memberships.map(({ name: each }) => each);
  // The database of each site grants CONNECT to its login role. Sites older than that are found by the
  // rights of app_user.
  const claims = await sql<{ name: string; mine: boolean }[]>`
    select datname as name, datname = current_database() as mine
    from pg_database, aclexplode(datacl) as entry
    where grantee = ${role.oid}::int8::oid and privilege_type = 'CONNECT'`;
  const former =
    claims.length > 0
      ? []
      : await sql<{ name: string }[]>`
          select distinct datname as name from pg_shdepend join pg_database on pg_database.oid = dbid
          where refclassid = 'pg_authid'::regclass and datname <> current_database()
            and refobjid = (select oid from pg_roles where rolname = 'app_user')`;
  return {
    inherits: role.inherits,
    unrestricted: role.unrestricted,
    member: TRANSACTION_ROLES.some((each) => memberOf.includes(each)),
    memberOf,
    others: [...claims.filter(({ mine }) => !mine), ...former].map(({ name: each }) => each),
  };
}

/** Why the URL does not log in: an error code of Postgres or of the system. Undefined when it does. */
async function refusalOf(appUrl: string): Promise<string | undefined> {
  const client = postgres({
    ...connectionOptions(siteConnection(appUrl, "DATABASE_URL")),
    max: 1,
    connect_timeout: 10,
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
  });
  try {
    await client.unsafe("select");
    return undefined;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? "no answer");
  } finally {
    await client.end({ timeout: 0 });
  }
}

/**
 * Records in the cluster that the site of this database logs in as the role. Has no effect for an owner
 * that may not grant it.
 */
async function claim(sql: Sql, user: string): Promise<void> {
  const [database] = await sql<{ name: string }[]>`select current_database() as name`;
  const grant = `GRANT CONNECT ON DATABASE ${identifier(database?.name ?? "")} TO ${identifier(user)}`;
  await sql.unsafe(grant).catch((error: postgres.PostgresError) => {
    if (error.code !== "42501") throw error;
  });
}

/** Retries when another database of the cluster migrates at the same time: "tuple concurrently updated". */
async function run(sql: Sql, statement: string, user: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql.unsafe(statement);
      return;
    } catch (error) {
      const { code } = error as postgres.PostgresError;
      if (code === "42501") throw new Error(remedyFor(statement, user), { cause: error });
      if (code === "42710" || code === "23505") return; // created by the other migration
      if (attempt === 5) throw error;
    }
  }
}

function remedyFor(statement: string, user: string): string {
  const roles = TRANSACTION_ROLES.join(", ");
  return statement.startsWith("GRANT")
    ? `The role of DATABASE_OWNER_URL may not grant the roles of the site, which another role of this cluster has made. Run as that role or as a superuser: GRANT ${roles} TO ${identifier(user)}; or let it grant them: GRANT ${roles} TO <owner> WITH ADMIN OPTION.`
    : `The role of DATABASE_OWNER_URL may not create or change the login role ${identifier(user)}. Run as a superuser: ALTER ROLE <owner> CREATEROLE; or make the login role yourself: CREATE ROLE ${identifier(user)} LOGIN NOINHERIT PASSWORD '…'; GRANT ${roles} TO ${identifier(user)}.`;
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
