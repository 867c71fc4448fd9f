import { and, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** A row of a list that is ordered by time, the newest first, and by id where times are equal. */
interface Position {
  /** The time as text, with the microseconds of Postgres. */
  readonly at: string;
  readonly id: string;
}

/** The columns that a list is ordered by. */
interface OrderColumns {
  readonly at: SQLWrapper;
  readonly id: SQLWrapper;
}

/** The rows of the list that come after the position. */
export function comesAfter(columns: OrderColumns, { at, id }: Position): SQL | undefined {
  const time = sql`${at}::timestamptz`;
  return or(
    sql`${columns.at} < ${time}`,
    and(sql`${columns.at} = ${time}`, sql`${columns.id} > ${id}::uuid`),
  );
}

/** The rows of the list that come before the position. */
export function comesBefore(columns: OrderColumns, { at, id }: Position): SQL | undefined {
  const time = sql`${at}::timestamptz`;
  return or(
    sql`${columns.at} > ${time}`,
    and(sql`${columns.at} = ${time}`, sql`${columns.id} < ${id}::uuid`),
  );
}
