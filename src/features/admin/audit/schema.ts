import { z } from "zod";
import type { Names } from "@/lib/text/names.ts";
import { storedDay } from "@/lib/text/stored-time.ts";
import { typedText } from "@/lib/text/typed-text.ts";

/** An entry of the audit log. Times are ISO 8601. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  /** Null: the site itself. The name is null when the account was deleted. */
  readonly actor: { readonly id: string; readonly name: string | null } | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const auditPerPage = 50;

const day = storedDay("Enter a date as YYYY-MM-DD, e.g. 2026-11-01.").optional();

const text = (what: string, most: number) =>
  typedText(`Enter ${what} once.`)
    .trim()
    .max(most, { error: `Enter ${what} of at most ${most} characters.` })
    .optional();

export const auditFilter = z.object({
  /** An action or its prefix: `user.` matches all actions on people. */
  action: text("an action", 60),
  /** Part of the target. */
  subject: text("a subject", 200),
  /** Handle of the person who acted. */
  actor: text("a handle", 40),
  from: day,
  /** Inclusive. */
  to: day,
  /** Entries with lower ids than this one. */
  before: z.preprocess(
    (value) => (value === "" ? undefined : value),
    z.coerce.number({ error: "Enter the number of an entry." }).int().positive().optional(),
  ),
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const listAuditInput = auditFilter.extend({
  /** Id of the last entry of the previous page. */
  after: z.coerce.number().int().positive().optional(),
});
export type ListAuditInput = z.infer<typeof listAuditInput>;

export interface AuditPage {
  readonly names: Names;
  readonly rows: readonly AuditEntry[];
  readonly next: number | null;
}

export const auditExportInput = auditFilter.extend({ format: z.enum(["csv", "json"]) });
