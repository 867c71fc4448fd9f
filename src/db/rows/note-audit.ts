import { auditLog } from "../schema.ts";
import type { Transaction } from "../viewer.ts";

export interface AuditNote {
  /** Id of the person who did it; null for the site itself. */
  readonly actorId: string | null;
  /** `noun.verb-in-the-past`, e.g. `user.banned`. */
  readonly action: string;
  /** Target of the action. */
  readonly subject: string;
  readonly detail?: object;
}

/** Writes audit entries in the transaction of the change. */
export async function noteAudit(tx: Transaction, ...notes: readonly AuditNote[]): Promise<void> {
  await tx.insert(auditLog).values(notes.map((note) => ({ detail: {}, ...note })));
}
