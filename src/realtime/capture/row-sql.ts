import type {
  CapturedSignal,
  IdSource,
  Operation,
  TableCapture,
  TableName,
} from "./table-capture.ts";

/** A quoted name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted text. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function qualified({ schema, name }: TableName): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/**
 * A select with a channel, ids and a weight for each changed row. The channel is null when a parameter or an id is
 * null or no id, or the parent is gone. An update lists the row before and after the change, for a row that moves to
 * another channel; merging makes them one signal when it stays. The weight counts a row once.
 */
export function rowsOf(
  capture: TableCapture,
  operation: Operation,
  signal: CapturedSignal,
): string {
  const select = (rows: string, weight: number, where = "") =>
    `      select (${channelOf(capture, operation, signal)}) collate "C" as channel,
        (${signal.hasIds ? idsOf(capture) : "null::text"}) collate "C" as ids,
        ${weight} as weight
      from ${rows} as changed${where}`;
  if (operation === "insert") return select("new_rows", 1);
  if (operation === "delete") return select("old_rows", 1);
  return [
    select("old_rows", 0, differsFrom(capture, "new_rows")),
    select("new_rows", 1, differsFrom(capture, "old_rows")),
  ].join("\n      union all\n");
}

/** Selects rows of which the other table has no row with equal captured columns. Of all types, JSON included. */
function differsFrom({ columns, primaryKey, params, ids }: TableCapture, other: string): string {
  if (columns === undefined) return "";
  const sources = [...Object.values(params), ...Object.values(ids)].flatMap((source) =>
    source.from === "constant" ? [] : [source.from === "parent" ? source.key : source.column],
  );
  const compared = [...new Set([...columns, ...sources])].filter(
    (column) => !primaryKey.includes(column),
  );
  const list = (table: string) =>
    `row(${compared.map((column) => `${table}.${identifier(column)}`).join(", ")})`;
  const key = primaryKey.map(
    (column) => `other.${identifier(column)} = changed.${identifier(column)}`,
  );
  const all = [
    ...key,
    ...(compared.length > 0 ? [`record_image_eq(${list("other")}, ${list("changed")})`] : []),
  ];
  return `
      where not exists (
        select from ${other} as other
        where ${all.join("\n          and ")}
      )`;
}

function channelOf(
  { pattern, params, ids, references }: TableCapture,
  operation: Operation,
  { hasIds }: CapturedSignal,
): string {
  const parts = pattern.split(/(\{\w+\})/).filter((part) => part !== "");
  const name = parts.map((part) => {
    const source = params[part.slice(1, -1)];
    return part.startsWith("{") && source !== undefined ? spellingOf(source) : literal(part);
  });
  const conditions = [
    ...(hasIds
      ? Object.values(ids)
          .filter(canBeNull)
          .map((source) => `${spellingOf(source)} is not null`)
      : []),
    ...(operation === "delete"
      ? references.map(
          ({ column, table, foreignColumn }) =>
            `exists (select from ${qualified(table)} as parent where parent.${identifier(foreignColumn)} = changed.${identifier(column)})`,
        )
      : []),
  ];
  const channel = name.join(" || ");
  if (conditions.length === 0) return channel;
  return `case when ${conditions.join("\n        and ")}\n        then ${channel} end`;
}

/** Ids as the log stores them. Null when one is null. */
function idsOf({ ids }: TableCapture): string {
  const pairs = Object.entries(ids).map(
    ([name, source], index) =>
      `${literal(`${index === 0 ? "{" : '",'}"${name}":"`)} || ${spellingOf(source)}`,
  );
  return `${pairs.join(" || ")} || '"}'`;
}

/** The spelling of an id, or null. */
function spellingOf(source: IdSource): string {
  if (source.from === "constant") return literal(source.spelling);
  const spell = (value: string) =>
    source.spelling === "plain" ? `${value}::text` : `querycast.encode_id(${value}::text)`;
  if (source.from === "column") return spell(`changed.${identifier(source.column)}`);
  const { table, column, primaryKey, key } = source;
  return `(select ${spell(`parent.${identifier(column)}`)} from ${qualified(table)} as parent where parent.${identifier(primaryKey)} = changed.${identifier(key)})`;
}

function canBeNull(source: IdSource): boolean {
  if (source.from === "constant") return false;
  return source.from === "parent" || source.isNullable || source.spelling === "escaped";
}
