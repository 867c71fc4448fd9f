import { stringify } from "csv-stringify/sync";
import type { ReadContext } from "@/wiring/context-types.ts";
import { exportedEntries } from "./limits.ts";
import { listAudit } from "./list-audit.ts";
import type { AuditFilter, AuditPage } from "./schema.ts";

/**
 * Exports the newest entries that match a filter as one text. A text that was cut at `limit` names the entry that the
 * next one has to begin before.
 *
 * @throws {AppError} `forbidden`
 */
export async function exportAudit(
  ctx: ReadContext,
  filter: AuditFilter,
  format: "csv" | "json",
  limit = exportedEntries,
): Promise<string> {
  const { rows, next } = await listAudit(ctx, filter, limit);
  if (format === "csv") return toCsv({ rows, next });
  return `${JSON.stringify({ continuesBefore: next, entries: rows }, null, 2)}\n`;
}

function toCsv({ rows, next }: Pick<AuditPage, "rows" | "next">): string {
  const table = rows.map(({ id, at, actor, action, subject, detail }) => ({
    id,
    at,
    actor: actor?.name ?? actor?.id ?? "",
    action,
    subject,
    detail: JSON.stringify(detail),
    continues_before: next,
  }));
  return stringify(table, {
    header: true,
    columns: ["id", "at", "actor", "action", "subject", "detail", "continues_before"],
    // Spreadsheets would run a cell that starts with = + - or @.
    escape_formulas: true,
    bom: true,
  });
}
