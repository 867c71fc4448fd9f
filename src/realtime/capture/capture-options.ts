import type { AnyPgColumn, AnyPgTable } from "drizzle-orm/pg-core";
import type { ChannelRef } from "../protocol/channel.ts";
import type { Id } from "../protocol/ids.ts";

/** A column of a table, with values of a type. */
type ColumnOf<Table extends AnyPgTable, Value> = AnyPgColumn<{
  tableName: Table["_"]["name"];
  data: Value;
}>;

/** The value of a column in the row that a column of the captured table refers to. Made by {@link fromParent}. */
export interface ParentColumn<
  Key extends AnyPgColumn = AnyPgColumn,
  Value extends AnyPgColumn = AnyPgColumn,
> {
  readonly key: Key;
  readonly value: Value;
}

/** Where an id comes from: a column of the table, a column of its parent, or the same id for every row. */
export type IdFrom<Table extends AnyPgTable, Value> =
  | ColumnOf<Table, Value>
  | ParentColumn<ColumnOf<Table, unknown>, AnyPgColumn<{ data: Value }>>
  | Extract<Value, Id>;

type UnionToIntersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The ids of all named signals together. `unknown` when none has ids. */
type IdsOfSignals<Signals, Name extends keyof Signals> = UnionToIntersection<
  Exclude<Signals[Name], undefined>
>;

type IdsOption<Table extends AnyPgTable, Ids> = unknown extends Ids
  ? { readonly ids?: undefined }
  : {
      /**
       * The ids of the signals by name, as the contract declares them. All signals of one capture have the same ids;
       * a signal that is declared without ids gets none.
       */
      readonly ids: { readonly [Key in keyof Ids]: IdFrom<Table, Ids[Key]> };
    };

/** Options of `captureTable`. */
export type CaptureOptions<
  Table extends AnyPgTable,
  Params,
  Signals,
  Name extends Extract<keyof Signals, string>,
> = {
  /** The signal of each kind of statement. Statements without a signal publish nothing. */
  readonly on: { readonly insert?: Name; readonly update?: Name; readonly delete?: Name };
  /** A function of the registry, e.g. `channels.team`. */
  readonly channel: (params: Params) => ChannelRef<string, Signals>;
  /** Where each parameter of the channel comes from. */
  readonly params: { readonly [Key in keyof Params]: IdFrom<Table, Params[Key]> };
  /**
   * An update publishes only when one of these columns, of the parameters or of the ids has changed. Requires
   * `on.update` and a primary key. Default: every updated row publishes.
   */
  readonly columns?: readonly ColumnOf<Table, unknown>[];
} & IdsOption<Table, IdsOfSignals<Signals, Name>>;
