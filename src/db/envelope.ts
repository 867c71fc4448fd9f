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
 * Takes on role and identity until the transaction ends. Sent without waiting for BEGIN: should that
 * fail, `true` makes these settings end with this very statement, and what follows runs as the login
 * role, which may read nothing.
 */
export const ENTER =
  "select set_config('role', $1, true), set_config('app.user_id', $2, true), set_config('app.user_role', $3, true)";

/** For writers, whose triggers publish too. Readers do not pay for it. */
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
