import type { OperatorContext } from "@/wiring/context-types.ts";
import type { SkippedRows } from "./schema.ts";

/** Rows of captured tables that made no signal, by table and signal. */
export async function listSkipped({ signals }: OperatorContext): Promise<readonly SkippedRows[]> {
  const rows = await signals.skipped();
  return rows.map(({ lastAt, ...row }) => ({ ...row, lastAt: lastAt.toISOString() }));
}
