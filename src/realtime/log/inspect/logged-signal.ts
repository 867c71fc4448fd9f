import type { Ids } from "../../protocol/ids.ts";
import { readIds } from "../read/read-ids.ts";

/** A row of the log, for operators. */
export interface LoggedSignal {
  /** Id on the wire: the `id` of a frame with one signal; a merged frame has its newest signal's id as `last`. */
  readonly id: string;
  /** Key of the row, "xid/position". `trace` finds it by an index. */
  readonly place: string;
  readonly channel: string;
  readonly name: string;
  /** One entry per change. Null: the signal has no ids, so anything on the channel may have changed. */
  readonly ids: readonly Ids[] | null;
  readonly origin: string | null;
  /** Id of the request or job that wrote the signal, if given. Never sent to clients. */
  readonly correlation: string | null;
  /** Start of the transaction that wrote the signal, by the database's clock. */
  readonly writtenAt: Date;
}

/** A row as selected: times in milliseconds, ids as text. */
export type LoggedRow = Omit<LoggedSignal, "ids" | "writtenAt"> & {
  readonly ids: string | null;
  readonly written: number;
};

export function toLoggedSignal({ ids, written, ...row }: LoggedRow): LoggedSignal {
  return { ...row, ids: readIds(ids), writtenAt: new Date(written) };
}
