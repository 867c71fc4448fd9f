import { settingsStatement } from "querycast/postgres-js";
import type { TransactionRole } from "./login-role.ts";
import type { Viewer } from "./viewer.ts";

/** The session context of a transaction: role, viewer, and read or write mode. */
export interface Envelope {
  readonly begin: typeof BEGIN_READING | typeof BEGIN_WRITING;
  readonly role: TransactionRole;
  readonly viewer: Viewer;
  /** For writes: id of the request or job, stored with the signals of the transaction. */
  readonly correlation?: string | undefined;
}

// Explicit, since a database or a role may have other defaults. Reads rely on one snapshot per statement.
export const BEGIN_READING = "begin isolation level read committed read only";
export const BEGIN_WRITING = "begin isolation level read committed read write";

/**
 * Sets role and viewer until the transaction ends. It is sent without waiting for BEGIN: if BEGIN fails,
 * `true` limits these settings to this statement, and the following statements run as the login role, which
 * has no table rights.
 */
export const ENTER =
  "select set_config('role', $1, true), set_config('app.user_id', $2, true), set_config('app.user_role', $3, true)";

/** For writes, whose triggers publish signals too. Reads do not need it. */
const ENTER_WRITING = `${ENTER}, set_config('querycast.correlation', $4, true)`;

export function enter({ begin, role, viewer, correlation }: Envelope): {
  readonly text: string;
  readonly parameters: string[];
} {
  const parameters = [role, viewer.userId ?? "", viewer.role ?? ""];
  return begin === BEGIN_WRITING
    ? { text: ENTER_WRITING, parameters: [...parameters, correlation ?? ""] }
    : { text: ENTER, parameters };
}

/**
 * BEGIN, `settings` and the session context in one statement without parameters. A pooler in transaction
 * mode gives each transaction another backend, which has neither our prepared statements nor our settings.
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
