import { settingsStatement } from "querycast/postgres-js";
import type { TransactionRole } from "./login-role.ts";
import type { Viewer } from "./viewer.ts";

/** What is sent around the statements of one transaction: how it begins, and as whom it runs. */
export interface Envelope {
  readonly begin: typeof BEGIN_READING | typeof BEGIN_WRITING;
  readonly role: TransactionRole;
  readonly viewer: Viewer;
  /** Of a writer: the request or job behind it, which the signals it causes keep for operators. */
  readonly correlation?: string | undefined;
}

// Spelled out, since a database or a role may have other defaults. A read counts on a snapshot for each statement.
export const BEGIN_READING = "begin isolation level read committed read only";
export const BEGIN_WRITING = "begin isolation level read committed read write";

/**
 * BEGIN, role and identity as one message without parameters, which Postgres answers at once: SET is not planned, and
 * costs less than set_config() in a statement of its own. What fails in it ends it, and what follows then runs
 * as the login role, which may read nothing.
 */
export function enter({ begin, role, viewer, correlation }: Envelope): string {
  const settings = {
    role,
    "app.user_id": viewer.userId ?? "",
    "app.user_role": viewer.role ?? "",
    // For writers, whose triggers publish too. Readers do not pay for it.
    ...(begin === BEGIN_WRITING ? { "querycast.correlation": correlation ?? "" } : {}),
  };
  const sets = Object.entries(settings).map(
    ([name, value]) => `set local ${name} = ${constant(value)}`,
  );
  return [begin, ...sets].join("; ");
}

/** Any text as a constant. E'' reads backslashes in the same way whatever the database's defaults are. */
const constant = (text: string): string =>
  `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * BEGIN, `settings` and the envelope in one statement without parameters. A pooler in transaction mode lends another
 * backend to each transaction, on which no statement is prepared and no setting of ours is in force.
 */
export function enterPooled(
  envelope: Envelope,
  settings: Readonly<Record<string, string>>,
): string {
  const { role, viewer, correlation } = envelope;
  const all = {
    ...settings,
    "app.user_id": viewer.userId ?? "",
    "app.user_role": viewer.role ?? "",
    ...(envelope.begin === BEGIN_WRITING ? { "querycast.correlation": correlation ?? "" } : {}),
    role,
  };
  return `${envelope.begin}; ${settingsStatement(all, "transaction")}`;
}
