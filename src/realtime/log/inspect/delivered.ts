import type { Sql } from "../../server/ports.ts";

/** A delivered page of the log. Times are by the database's clock. */
export interface Delivered {
  /** Page number in digits; increases from page to page. */
  readonly page: string;
  /** Rows of the log. */
  readonly signals: number;
  /** Rows not published because their kind or phase was switched off. */
  readonly withheld: number;
  /** Frames published for the other rows, after merging. */
  readonly frames: number;
  /** Whether signals of the page waited for the limit of their channel. */
  readonly waited: boolean;
  /** How often the page was read until the broker accepted all of it. */
  readonly attempts: number;
  /** Time of the last read. */
  readonly readAt: Date;
  /** Time at which the broker's acceptance was saved. */
  readonly acceptedAt: Date;
}

export type DeliveredRow = Omit<Delivered, "readAt" | "acceptedAt"> & {
  readonly read: number;
  readonly accepted: number;
};

export function toDelivered({ read, accepted, ...page }: DeliveredRow): Delivered {
  return { ...page, readAt: new Date(read), acceptedAt: new Date(accepted) };
}

/** Newest first. */
export async function listDelivered(
  sql: Sql,
  { before, limit = 100 }: { readonly before?: string; readonly limit?: number } = {},
): Promise<readonly Delivered[]> {
  const rows = await sql<DeliveredRow>`
    select page::text as page, signals, withheld, frames, waited, attempts,
      (extract(epoch from read_at) * 1000)::float8 as read,
      (extract(epoch from accepted_at) * 1000)::float8 as accepted
    from querycast.deliveries
    where ${before ?? null}::text is null or page < ${before ?? null}::text::bigint
    order by deliveries.page desc limit ${limit}::int`;
  return rows.map(toDelivered);
}
