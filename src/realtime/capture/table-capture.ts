/** A table in the database. Without a schema it is in `public`. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** Where the value of an id comes from. */
export type IdSource =
  /** The same for every row, in its spelling on the wire. */
  | { readonly from: "constant"; readonly spelling: string }
  | ({ readonly from: "column" } & IdColumn)
  /** A column of the row of another table whose primary key is in `key`. */
  | ({
      readonly from: "parent";
      readonly key: string;
      readonly table: TableName;
      readonly primaryKey: string;
    } & IdColumn);

/** A column with an id. */
export interface IdColumn {
  readonly column: string;
  /** `plain`: its values need no escaping, as UUIDs and whole numbers. */
  readonly spelling: "plain" | "escaped";
  readonly isNullable: boolean;
}

/** A column that refers to a row of another table. */
export interface Reference {
  readonly column: string;
  readonly table: TableName;
  readonly foreignColumn: string;
}

/** The statements that can be captured. */
export const operations = ["insert", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

/** A signal of a capture. */
export interface CapturedSignal {
  readonly name: string;
  readonly hasIds: boolean;
}

/** A checked declaration of `captureTable`, as plain data for `captureSql`. */
export interface TableCapture {
  readonly table: TableName;
  readonly primaryKey: readonly string[];
  readonly on: { readonly [Key in Operation]?: CapturedSignal };
  /** Pattern of the channel, e.g. `team.{teamId}`. */
  readonly pattern: string;
  readonly params: Readonly<Record<string, IdSource>>;
  readonly ids: Readonly<Record<string, IdSource>>;
  /** Columns whose changes publish. Undefined: every update publishes. */
  readonly columns: readonly string[] | undefined;
  /** Parents of the parameters. When one is gone, a deleted row publishes nothing. */
  readonly references: readonly Reference[];
}
