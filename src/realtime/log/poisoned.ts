import type { Sql } from "../server/ports.ts";

/** A signal that was set aside: the broker refused what is in it, again and again. */
export interface PoisonedSignal {
  /** Names it among the others; digits. */
  readonly position: string;
  readonly channel: string;
  readonly name: string;
  /** As written, readable or not. */
  readonly ids: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly writtenAt: Date;
  readonly setAsideAt: Date;
}

/** For operators: what was set aside, and what to do with it. */
export interface PoisonedSignals {
  /** The youngest first, at most so many. Default 100. */
  list(options?: { readonly limit?: number }): Promise<readonly PoisonedSignal[]>;
  /**
   * Publishes it once more, after what was wrong is put right.
   *
   * @returns false when it is no longer there. Rejects when the log refuses it, and then keeps it.
   */
  retry(position: string): Promise<boolean>;
  /** Forgets it. @returns false when it is no longer there */
  drop(position: string): Promise<boolean>;
}

interface Row {
  readonly position: string;
  readonly channel: string;
  readonly name: string;
  readonly ids: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly written: number;
  readonly aside: number;
}

/** @param sql runs single statements as a role granted as `operators` */
export function createPoisonedSignals({ sql }: { readonly sql: Sql }): PoisonedSignals {
  return {
    list: async ({ limit = 100 } = {}) => {
      const rows = await sql<Row>`
        select position::text as position, channel, name, ids, reason, attempts,
          (extract(epoch from written_at) * 1000)::float8 as written,
          (extract(epoch from set_aside_at) * 1000)::float8 as aside
        from querycast.poisoned order by set_aside_at desc, position desc limit ${limit}::int`;
      return rows.map(({ written, aside, ...row }) => ({
        ...row,
        writtenAt: new Date(written),
        setAsideAt: new Date(aside),
      }));
    },
    retry: async (position) => {
      const [row] = await sql<{ done: boolean }>`
        select querycast.retry_poisoned(${position}::text::bigint) as done`;
      return row?.done === true;
    },
    drop: async (position) => {
      const [row] = await sql<{ done: boolean }>`
        select querycast.drop_poisoned(${position}::text::bigint) as done`;
      return row?.done === true;
    },
  };
}
