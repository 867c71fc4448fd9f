import { auditLog } from "./schema.ts";
import type { Transaction } from "./viewer.ts";

export interface AuditNote {
  /** Whoever did it; null for the site itself. */
  readonly actorId: string | null;
  /** `noun.verb-in-the-past`, e.g. `user.banned`. */
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  readonly detail?: object;
}

/** Notes what was done, in the transaction that does it. */
export async function noteAudit(tx: Transaction, ...notes: readonly AuditNote[]): Promise<void> {
  await tx.insert(auditLog).values(notes.map((note) => ({ detail: {}, ...note })));
}
