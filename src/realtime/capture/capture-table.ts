import { is } from "drizzle-orm";
import { type AnyPgColumn, type AnyPgTable, getTableConfig, PgColumn } from "drizzle-orm/pg-core";
import { type Declared, declared } from "../protocol/channel.ts";
import type { ChannelDefinition } from "../protocol/channel-definition.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { isIdName } from "../protocol/ids.ts";
import { limits } from "../protocol/limits.ts";
import { type StandardSchema, validateNow } from "../protocol/schema.ts";
import type { CaptureOptions, ParentColumn } from "./capture-options.ts";
import { assertOwn, type CheckedId, primaryKeyOf, type Refuse, toIdSource } from "./id-source.ts";
import {
  type CapturedSignal,
  type Operation,
  operations,
  type Reference,
  type TableCapture,
} from "./table-capture.ts";

/**
 * Declares that changes of a table publish signals on a channel, whoever writes: the application, `psql`, `COPY`,
 * another service. {@link captureSql} makes the triggers of all captures.
 *
 * ```ts
 * captureTable(tasks, {
 *   on: { insert: "task.created", update: "task.updated", delete: "task.deleted" },
 *   channel: channels.team,
 *   params: { teamId: tasks.teamId },
 *   ids: { taskId: tasks.id },
 *   columns: [tasks.status, tasks.assigneeId], // an update of other columns publishes nothing
 * });
 * ```
 *
 * One statement publishes one signal per channel, in the transaction of the statement. A row that an update moves from
 * one channel to another publishes on both. A row publishes nothing, and is counted, when a parameter or an id is null
 * or not an id, or when the parent that it refers to is gone. The write succeeds in all of these cases. A schema of
 * the channel's parameters does not run in the database: for a text that it would refuse the signal goes to a channel
 * that no client can join.
 *
 * @throws {ProtocolError} `invalid_contract` when the declaration does not match the contract or the table. The
 * message names the field.
 */
export function captureTable<
  Table extends AnyPgTable,
  Params,
  Signals,
  const Name extends Extract<keyof Signals, string>,
>(table: Table, options: CaptureOptions<Table, Params, Signals, Name>): TableCapture {
  const { name, schema = "public", columns: own } = getTableConfig(table);
  const refuse: Refuse = (field, reason) => {
    throw new ProtocolError("invalid_contract", `Capture of "${name}": ${field} ${reason}.`);
  };
  const definition = definitionOf(options.channel, refuse);
  const on = checkSignals(options.on, definition, refuse);
  const params = checkSources(options.params, "params", table, refuse);
  const needed = definition.pattern.match(/(?<=\{)\w+(?=\})/g) ?? [];
  assertNames("params", Object.keys(params), needed, refuse);
  assertAccepted("params", definition.params, params, refuse);

  const ids = checkSources(options.ids ?? {}, "ids", table, refuse);
  checkIds(on, ids, definition, refuse);
  const primaryKey = primaryKeyOf(table);
  const columns = checkColumns(options.columns, table, on, refuse);
  const custom = primaryKey.find(({ columnType }) => columnType === "PgCustomType");
  if (columns !== undefined && (primaryKey.length === 0 || custom !== undefined)) {
    refuse("columns", "need a primary key of built-in types, by which rows are compared");
  }
  return {
    table: { schema, name },
    primaryKey: primaryKey.map((column) => column.name),
    on,
    pattern: definition.pattern,
    params: sourcesOf(params),
    ids: sourcesOf(ids),
    columns,
    references: referencesOf(table, Object.values(options.params), own),
  };
}

/**
 * The value of a column in the row of another table, for a parameter or an id of a capture:
 * `fromParent(comments.articleId, articles.authorId)`.
 *
 * @param key column of the captured table with the primary key of that row
 */
export function fromParent<Key extends AnyPgColumn, Value extends AnyPgColumn>(
  key: Key,
  value: Value,
): ParentColumn<Key, Value> {
  return { key, value };
}

function definitionOf(channel: unknown, refuse: Refuse): ChannelDefinition {
  const found = (channel as { readonly [declared]?: Declared } | undefined)?.[declared];
  if (found === undefined) {
    return refuse("channel", "is not a function of defineChannels, e.g. channels.team");
  }
  const { definition } = found;
  if ("ephemeral" in definition) {
    return refuse("channel", "is ephemeral, and has no signals");
  }
  return definition;
}

function checkSignals(
  given: { readonly [Key in Operation]?: string },
  { pattern, signals }: ChannelDefinition,
  refuse: Refuse,
): { readonly [Key in Operation]?: CapturedSignal } {
  const entries = Object.entries(given).filter(([, name]) => name !== undefined);
  if (entries.length === 0) refuse("on", "names no signal. Give insert, update or delete");
  return Object.fromEntries(
    entries.map(([operation, name]) => {
      if (!operations.some((known) => known === operation)) {
        refuse(`on.${operation}`, "is unknown. Captured are insert, update and delete");
      }
      if (!signals.has(name)) {
        refuse(`on.${operation}`, `is "${name}", which "${pattern}" does not declare`);
      }
      return [operation, { name, hasIds: signals.get(name) !== undefined }];
    }),
  );
}

type CheckedIds = Readonly<Record<string, CheckedId>>;

function checkSources(given: object, part: string, table: AnyPgTable, refuse: Refuse): CheckedIds {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      toIdSource(value, table, `${part}.${name}`, refuse),
    ]),
  );
}

function assertNames(
  part: string,
  given: readonly string[],
  needed: readonly string[],
  refuse: Refuse,
): void {
  for (const name of needed) {
    if (!given.includes(name)) refuse(`${part}.${name}`, "is missing");
  }
  for (const name of given) {
    if (!needed.includes(name)) refuse(`${part}.${name}`, "is not a parameter of the channel");
  }
}

/** Tries a schema with values of the columns' types. Columns with any text are not tried. */
function assertAccepted(
  field: string,
  schema: StandardSchema<unknown> | undefined,
  values: CheckedIds,
  refuse: Refuse,
): void {
  const samples = Object.entries(values).map(([name, { sample }]) => [name, sample]);
  if (schema === undefined || samples.some(([, sample]) => sample === undefined)) return;
  const result = validateNow(schema, Object.fromEntries(samples));
  if (result.issues === undefined) return;
  const reasons = result.issues.map(({ message }) => message).join("; ");
  refuse(field, `would be refused by the contract: ${reasons}`);
}

function checkIds(
  on: TableCapture["on"],
  ids: CheckedIds,
  { signals }: ChannelDefinition,
  refuse: Refuse,
): void {
  const names = Object.keys(ids);
  const withIds = Object.values(on).filter(({ hasIds }) => hasIds);
  if (withIds.length === 0 && names.length > 0) {
    refuse("ids", "are given, but its signals are declared without ids");
  }
  if (withIds.length > 0 && names.length === 0) {
    refuse("ids", `are missing. "${withIds[0]?.name}" is declared with ids`);
  }
  for (const name of names) {
    if (!isIdName(name)) {
      refuse(`ids.${name}`, 'does not name an id. Ids are named after rows, e.g. "taskId"');
    }
  }
  for (const { name } of withIds) {
    assertAccepted(`ids of "${name}"`, signals.get(name), ids, refuse);
  }
  const longest = names.reduce((sum, name) => sum + name.length + limits.idLength + 6, 1);
  if (longest > limits.signalBytes) {
    refuse("ids", `can have ${longest} bytes, ${limits.signalBytes} are allowed. Use fewer ids`);
  }
}

function checkColumns(
  given: readonly AnyPgColumn[] | undefined,
  table: AnyPgTable,
  on: TableCapture["on"],
  refuse: Refuse,
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (on.update === undefined) refuse("columns", "are given without on.update");
  if (given.length === 0) refuse("columns", "are empty. Omit them to publish every update");
  return given.map((column, index) => {
    if (!is(column, PgColumn)) refuse(`columns[${index}]`, "is not a column");
    assertOwn(column, table, `columns[${index}]`, refuse);
    return column.name;
  });
}

function sourcesOf(values: CheckedIds): TableCapture["params"] {
  return Object.fromEntries(Object.entries(values).map(([name, { source }]) => [name, source]));
}

/** The foreign keys of the columns that are parameters. */
function referencesOf(
  table: AnyPgTable,
  params: readonly unknown[],
  own: readonly PgColumn[],
): readonly Reference[] {
  return getTableConfig(table).foreignKeys.flatMap((foreignKey) => {
    const { columns, foreignColumns, foreignTable } = foreignKey.reference();
    const [column] = columns;
    const [foreignColumn] = foreignColumns;
    const isParam = own.some((each) => each === column) && params.includes(column);
    if (column === undefined || foreignColumn === undefined || columns.length > 1 || !isParam)
      return [];
    const { name, schema = "public" } = getTableConfig(foreignTable);
    return [{ column: column.name, table: { schema, name }, foreignColumn: foreignColumn.name }];
  });
}
