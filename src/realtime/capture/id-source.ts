import { is } from "drizzle-orm";
import { getTableConfig, PgColumn, type PgTable } from "drizzle-orm/pg-core";
import { encodeId } from "../protocol/encode-id.ts";
import { parseId } from "../protocol/ids.ts";
import type { ParentColumn } from "./capture-options.ts";
import type { IdColumn, IdSource } from "./table-capture.ts";

/** Reports an invalid part of a capture, e.g. "params.teamId". @throws {ProtocolError} always */
export type Refuse = (field: string, reason: string) => never;

/** The source of an id, and a text of its kind to try the contract's schemas with. */
export interface CheckedId {
  readonly source: IdSource;
  /** Undefined when the values of the column can be any text. */
  readonly sample: string | undefined;
}

const uuidSample = "00000000-0000-4000-8000-000000000000";
const wholeNumber = /^(small|big)?(int|integer|serial)$/;

/** Checks where an id comes from. */
export function toIdSource(
  value: unknown,
  table: PgTable,
  field: string,
  refuse: Refuse,
): CheckedId {
  if (is(value, PgColumn)) {
    assertOwn(value, table, field, refuse);
    const { column, sample } = toIdColumn(value, field, refuse);
    return { source: { from: "column", ...column }, sample };
  }
  if (isParentColumn(value)) return toParentSource(value, table, field, refuse);
  if (value === undefined || value === null) {
    return refuse(field, "is missing. Give a column, fromParent(…) or an id");
  }
  const id = parseId(value, `The constant ${field}`, "invalid_contract");
  return { source: { from: "constant", spelling: encodeId(id) }, sample: id };
}

function toParentSource(
  { key, value }: ParentColumn,
  table: PgTable,
  field: string,
  refuse: Refuse,
): CheckedId {
  assertOwn(key, table, field, refuse);
  const parent = getTableConfig(value.table as PgTable);
  const primary = primaryKeyOf(value.table as PgTable);
  const [primaryKey] = primary;
  if (primaryKey === undefined || primary.length > 1) {
    return refuse(field, `needs a primary key of one column in the table "${parent.name}"`);
  }
  const { column, sample } = toIdColumn(value, field, refuse);
  return {
    source: {
      from: "parent",
      key: key.name,
      table: { schema: parent.schema ?? "public", name: parent.name },
      primaryKey: primaryKey.name,
      ...column,
    },
    sample,
  };
}

function toIdColumn(
  column: PgColumn,
  field: string,
  refuse: Refuse,
): { readonly column: IdColumn; readonly sample: string | undefined } {
  const type = column.getSQLType();
  const base = { column: column.name, isNullable: !column.notNull && !column.primary };
  if (type === "uuid") return { column: { ...base, spelling: "plain" }, sample: uuidSample };
  if (wholeNumber.test(type)) return { column: { ...base, spelling: "plain" }, sample: "1" };
  const isText = type === "text" || type.startsWith("varchar") || "enum" in column;
  if (!isText) {
    return refuse(
      field,
      `is the column "${column.name}" of type ${type}. Ids are of type uuid, text, varchar, an enum or a whole number`,
    );
  }
  return { column: { ...base, spelling: "escaped" }, sample: column.enumValues?.[0] };
}

export function assertOwn(column: PgColumn, table: PgTable, field: string, refuse: Refuse): void {
  if (column.table === table) return;
  const { name } = getTableConfig(column.table as PgTable);
  refuse(
    field,
    `is the column "${column.name}" of the table "${name}". Give a column of the captured table, or fromParent(…)`,
  );
}

export function primaryKeyOf(table: PgTable): readonly PgColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const own = columns.filter(({ primary }) => primary);
  return own.length > 0 ? own : (primaryKeys[0]?.columns ?? []);
}

function isParentColumn(value: unknown): value is ParentColumn {
  return (
    typeof value === "object" &&
    value !== null &&
    "key" in value &&
    "value" in value &&
    is(value.key, PgColumn) &&
    is(value.value, PgColumn)
  );
}
