import type { TransactionRole } from "./login-role.ts";
import type { Viewer } from "./viewer.ts";

/** What is sent around the statements of one transaction: how it begins, and as whom it runs. */
export interface Envelope {
  readonly begin: "begin read only" | "begin";
  readonly role: TransactionRole;
  readonly viewer: Viewer;
  /** Of a writer: the request or job behind it, which the signals it causes keep for operators. */
  readonly correlation?: string | undefined;
}

/**
 * Takes on role and identity until the transaction ends. Sent without waiting for BEGIN: should that
 * fail, `true` makes these settings end with this very statement, and what follows runs as the login
 * role, which may read nothing.
 */
export const ENTER =
  "select set_config('role', $1, true), set_config('app.user_id', $2, true), set_config('app.user_role', $3, true)";

/** For writers, whose triggers publish too. Readers do not pay for it. */
export const ENTER_WRITING = `${ENTER}, set_config('querycast.correlation', $4, true)`;

export function enter({ begin, role, viewer, correlation }: Envelope): {
  readonly text: string;
  readonly parameters: string[];
} {
  const parameters = [role, viewer.userId ?? "", viewer.role ?? ""];
  return begin === "begin"
    ? { text: ENTER_WRITING, parameters: [...parameters, correlation ?? ""] }
    : { text: ENTER, parameters };
}
