import type { TransactionRole } from "./login-role.ts";
import type { Viewer } from "./viewer.ts";

/** What is sent around the statements of one transaction: how it begins, and as whom it runs. */
export interface Envelope {
  readonly begin: "begin read only" | "begin";
  readonly role: TransactionRole;
  readonly viewer: Viewer;
}

/**
 * Takes on role and identity until the transaction ends. Sent without waiting for BEGIN: should that
 * fail, `true` makes these settings end with this very statement, and what follows runs as the login
 * role, which may read nothing.
 */
export const ENTER =
  "select set_config('role', $1, true), set_config('app.user_id', $2, true), set_config('app.user_role', $3, true)";

export function enterParameters({ role, viewer }: Envelope): [string, string, string] {
  return [role, viewer.userId ?? "", viewer.role ?? ""];
}
