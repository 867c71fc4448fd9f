import type { Sql } from "../server/ports.ts";

/** A page of the log as it left. Times are the database's. */
export interface Delivered {
  /** Digits; rises from page to page. */
  readonly page: string;
  /** Rows of the log. */
  readonly signals: number;
  /** Of them those that were not sent, since their kind of channel was switched off. */
  readonly withheld: number;
  /** What the broker was given for the others, after merging. */
  readonly frames: number;
  /** Whether some of it waited for the limit of its channel. */
  readonly waited: boolean;
  /** Readings until the broker had accepted all. */
  readonly attempts: number;
  /** The last of them. */
  readonly readAt: Date;
  /** When the broker's ok was noted. */
  readonly acceptedAt: Date;
}

export type DeliveredRow = Omit<Delivered, "readAt" | "acceptedAt"> & {
  readonly read: number;
  readonly accepted: number;
};

export function toDelivered({ read, accepted, ...page }: DeliveredRow): Delivered {
  return { ...page, readAt: new Date(read), acceptedAt: new Date(accepted) };
}

/** The youngest first. */
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
