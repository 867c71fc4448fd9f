import type { Sql } from "../../server/ports.ts";

/**
 * Rows of a captured table that made no signal: a parameter or an id was null or not an id, or the parent was gone.
 * Kept as long as signals.
 */
export interface SkippedCapture {
  /** The table, e.g. `public.tasks`. */
  readonly table: string;
  readonly signal: string;
  readonly rows: number;
  /** Start of the last transaction that wrote such a row. */
  readonly lastAt: Date;
}

export async function listSkipped(sql: Sql): Promise<readonly SkippedCapture[]> {
  const rows = await sql<Omit<SkippedCapture, "lastAt"> & { readonly last: number }>`
    select source as table, signal, sum(rows)::float8 as rows,
      (extract(epoch from max(at)) * 1000)::float8 as last
    from querycast.skipped_captures group by source, signal order by sum(rows) desc, source, signal`;
  return rows.map(({ last, ...skipped }) => ({ ...skipped, lastAt: new Date(last) }));
}
