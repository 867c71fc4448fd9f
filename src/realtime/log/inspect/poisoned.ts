import type { Sql } from "../../server/ports.ts";

/** A signal that was set aside because the broker refused its content in every attempt. */
export interface PoisonedSignal {
  /** Key for `retry` and `drop`, in digits. */
  readonly position: string;
  readonly channel: string;
  readonly name: string;
  /** Stored text of the ids, possibly invalid JSON. */
  readonly ids: string | null;
  /** Message of the broker's last error. */
  readonly reason: string;
  readonly attempts: number;
  readonly writtenAt: Date;
  readonly setAsideAt: Date;
}

/** Lists, retries and drops the signals that were set aside, for operators. */
export interface PoisonedSignals {
  /** Newest first. `limit` defaults to 100. */
  list(options?: { readonly limit?: number }): Promise<readonly PoisonedSignal[]>;
  /**
   * Publishes the signal again, at the end of the log. Rejects when the log refuses it; it then stays set aside.
   *
   * @returns false when the signal is no longer set aside.
   */
  retry(position: string): Promise<boolean>;
  /** Deletes the signal. @returns false when it is no longer set aside */
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

/**
 * Creates access to the signals that were set aside.
 *
 * @param options.sql runs single statements as a role granted as `operators`.
 */
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
