import { stringify } from "csv-stringify/sync";
import type { ReadContext } from "@/wiring/context-types.ts";
import { listAudit } from "./list-audit.ts";
import type { AuditEntry, AuditFilter } from "./schema.ts";

/** Maximum entries per file, which fits a spreadsheet and the memory of a server. */
export const exportedEntries = 50_000;

/**
 * Exports the newest entries that match a filter as one text.
 *
 * @throws {AppError} `forbidden`
 */
export async function exportAudit(
  ctx: ReadContext,
  filter: AuditFilter,
  format: "csv" | "json",
): Promise<string> {
  const { rows } = await listAudit(ctx, filter, exportedEntries);
  return format === "json" ? `${JSON.stringify(rows, null, 2)}\n` : toCsv(rows);
}

function toCsv(rows: readonly AuditEntry[]): string {
  const table = rows.map(({ id, at, actor, action, subject, detail }) => ({
    id,
    at,
    actor: actor?.name ?? actor?.id ?? "",
    action,
    subject,
    detail: JSON.stringify(detail),
  }));
  return stringify(table, {
    header: true,
    columns: ["id", "at", "actor", "action", "subject", "detail"],
    // Spreadsheets would run a cell that starts with = + - or @.
    escape_formulas: true,
    bom: true,
  });
}
