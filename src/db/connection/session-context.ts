import { settingsStatement } from "querycast/postgres-js";
import type { Viewer } from "../viewer.ts";
import type { TransactionRole } from "./login-role.ts";
import { quoteText } from "./quote-text.ts";

/** The session context of a transaction: role, viewer, and read or write mode. */
export interface SessionContext {
  readonly begin: typeof BEGIN_READING | typeof BEGIN_WRITING;
  readonly role: TransactionRole;
  readonly viewer: Viewer;
  /** For `app_topic`: name of the channel whose rows it reads. */
  readonly topic?: string | undefined;
  /** For writes: id of the request or job, stored with the signals of the transaction. */
  readonly correlation?: string | undefined;
  /** For writes: published origin of the mutation, for signals of triggers. See `originOf`. */
  readonly origin?: string | undefined;
}

// Explicit, since a database or a role may have other defaults. Reads rely on one snapshot per statement.
export const BEGIN_READING = "begin isolation level read committed read only";
export const BEGIN_WRITING = "begin isolation level read committed read write";

/**
 * BEGIN, `settings`, role and identity as one message without parameters: SET is not planned, and costs less than a
 * statement with set_config(). After an error in it, the following statements run as the login role, which has no table
 * rights.
 */
export function beginStatement(
  { begin, role, viewer, topic, correlation, origin }: SessionContext,
  settings: Readonly<Record<string, string>>,
): string {
  const context = {
    role,
    "app.user_id": viewer.userId ?? "",
    "app.user_role": viewer.role ?? "",
    ...(topic !== undefined && { "app.topic": topic }),
    // For writes, whose triggers publish signals too. Reads do not need them.
    ...(begin === BEGIN_WRITING && {
      "querycast.correlation": correlation ?? "",
      "querycast.origin": origin ?? "",
    }),
  };
  return [
    begin,
    ...(Object.keys(settings).length === 0 ? [] : [settingsStatement(settings, "transaction")]),
    ...Object.entries(context).map(([name, value]) => `set local ${name} = ${quoteText(value)}`),
  ].join("; ");
}
