import { z } from "zod";
import { typedText } from "@/lib/typed-text.ts";

/** What was done, by whom, to what. Times are ISO 8601. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  /** Null: the site itself. Without a name: a person who is gone. */
  readonly actor: { readonly id: string; readonly name: string | null } | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const auditPerPage = 50;

const day = z.iso.date({ error: "Give a day as year-month-day, e.g. 2026-11-01." }).optional();

export const auditFilter = z.object({
  /** The whole action, or its beginning: `user.` for everything about people. */
  action: typedText().trim().max(60).optional(),
  /** Part of what it was done to. */
  subject: typedText().trim().max(200).optional(),
  /** Handle of whoever did it. */
  actor: typedText().trim().max(40).optional(),
  from: day,
  /** The day itself included. */
  to: day,
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const listAuditInput = auditFilter.extend({
  /** Id of the last entry of the page before. */
  after: z.coerce.number().int().positive().optional(),
});
export type ListAuditInput = z.infer<typeof listAuditInput>;

export interface AuditPage {
  readonly rows: readonly AuditEntry[];
  readonly next: number | null;
}

export const auditExportInput = auditFilter.extend({ format: z.enum(["csv", "json"]) });
