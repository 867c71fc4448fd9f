import type { Ids } from "../protocol/ids.ts";
import { readIds } from "./read-ids.ts";

/** A row of the log, as operators see it. */
export interface LoggedSignal {
  /** As the wire names it: the `id` of a signal that travelled alone, the `last` of a union. */
  readonly id: string;
  /** Which row of the log it is. Names it to `trace` without a search. */
  readonly place: string;
  readonly channel: string;
  readonly name: string;
  /** Null: anything on the channel. */
  readonly ids: Ids | null;
  readonly origin: string | null;
  /** Id of the request or job that wrote it, where one was given. Never travels. */
  readonly correlation: string | null;
  /** When the transaction that wrote it began, by the database's clock. */
  readonly writtenAt: Date;
}

/** What statements select: times in milliseconds, ids as written. */
export type LoggedRow = Omit<LoggedSignal, "ids" | "writtenAt"> & {
  readonly ids: string | null;
  readonly written: number;
};

export function toLoggedSignal({ ids, written, ...row }: LoggedRow): LoggedSignal {
  return { ...row, ids: readIds(ids), writtenAt: new Date(written) };
}
