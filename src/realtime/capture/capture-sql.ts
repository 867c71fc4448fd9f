import { createHash } from "node:crypto";
import { literal, qualified, rowsOf } from "./row-sql.ts";
import { type Operation, operations, type TableCapture, type TableName } from "./table-capture.ts";

/** Options of {@link captureSql}. */
export interface CaptureSqlOptions {
  /** Schema of the trigger functions, in which no other role may create functions. Default `public`. */
  readonly schema?: string;
}

/**
 * Generates the SQL of captured tables: for each table and kind of statement one function, and one trigger
 * `querycast_insert`, `querycast_update` or `querycast_delete`. Check it in as a migration of your own, and run it as
 * the owner of the tables. It replaces all captures that it created in the schema before, so that a later migration
 * has the whole list again. The same captures give the same text, in any order of the tables.
 *
 * @returns statements without a semicolon at the end.
 */
export function captureSql(
  captures: readonly TableCapture[],
  { schema = "public" }: CaptureSqlOptions = {},
): readonly string[] {
  const byTable = new Map<string, TableCapture[]>();
  for (const capture of captures) {
    const key = qualified(capture.table);
    byTable.set(key, [...(byTable.get(key) ?? []), capture]);
  }
  const tables = [...byTable].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
  return [
    removeAll(schema),
    ...tables.flatMap((list) =>
      operations.flatMap((operation) => triggerOf(list, operation, schema)),
    ),
  ];
}

function triggerOf(
  captures: readonly TableCapture[],
  operation: Operation,
  schema: string,
): readonly string[] {
  const [first] = captures;
  const loops = captures.flatMap((capture) => loopOf(capture, operation));
  if (first === undefined || loops.length === 0) return [];
  const { table } = first;
  const name = qualified({ schema, name: functionName(table, operation) });
  const rows = {
    insert: "new table as new_rows",
    update: "old table as old_rows new table as new_rows",
    delete: "old table as old_rows",
  }[operation];
  return [
    `create function ${name}() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $capture$
declare
  channel text;
  ids text;
  weight bigint;
  is_one boolean;
  done boolean;
begin
${loops.join("\n")}
  return null;
end
$capture$`,
    `revoke all on function ${name}() from public`,
    `create trigger querycast_${operation} after ${operation} on ${qualified(table)}
  referencing ${rows}
  for each statement execute function ${name}()`,
  ];
}

/**
 * One append per channel. Rows without a channel are counted with a null channel. Most statements concern one channel,
 * which is found without grouping.
 */
function loopOf(capture: TableCapture, operation: Operation): readonly string[] {
  const signal = capture.on[operation];
  if (signal === undefined) return [];
  const rows = rowsOf(capture, operation, signal);
  const append = `done := querycast.append_captured(tg_relid, ${literal(signal.name)}, channel, ids, weight);`;
  return [
    `  -- ${signal.name} on ${capture.pattern}
  select min(changes.channel), string_agg(distinct changes.ids, ','), sum(changes.weight),
    min(changes.channel) = max(changes.channel)
      and count(*) = count(changes.channel) and count(*) <= ${mostRows}
  into channel, ids, weight, is_one
  from (
${rows}
      limit ${mostRows + 1}
  ) as changes;
  if is_one then
    ${append}
  elsif weight is not null then
    for channel, ids, weight in
      select changes.channel, case when count(*) <= ${mostRows} then
          string_agg(distinct changes.ids, ',') filter (where changes.place <= ${mostRows}) end,
        sum(changes.weight)
      from (
        select numbered.*, row_number() over (partition by numbered.channel) as place from (
${rows}
        ) as numbered
      ) as changes
      group by changes.channel
    loop
      ${append}
    end loop;
  end if;`,
  ];
}

/**
 * Rows of a channel of which the ids are collected, before and after an update counted separately. More ids do not fit
 * into a signal, and a statement with millions of rows needs no memory for them.
 */
const mostRows = 200;

/** Drops the triggers and functions of earlier captures. A function is known by the comment in its body. */
function removeAll(schema: string): string {
  return `do $capture$
declare
  former record;
begin
  for former in
    select trigger.tgname, trigger.tgrelid::regclass as source, function.oid::regprocedure as function
    from pg_catalog.pg_proc as function
    left join pg_catalog.pg_trigger as trigger on trigger.tgfoid = function.oid
    where function.pronamespace = ${literal(schema)}::regnamespace
      and function.proname like 'querycast\\_%' and function.prosrc like '%querycast.append_captured(%'
  loop
    if former.tgname is not null then
      execute format('drop trigger %I on %s', former.tgname, former.source);
    end if;
    execute format('drop function %s', former.function);
  end loop;
end
$capture$`;
}

/** Postgres cuts names after 63 bytes, which could make two names equal. */
const longestName = 63;

function functionName({ schema, name }: TableName, operation: Operation): string {
  const whole = schema === "public" ? name : `${schema}_${name}`;
  const full = `querycast_${whole}_${operation}`;
  if (Buffer.byteLength(full) <= longestName) return full;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 16);
  return `querycast_${digest}_${operation}`;
}
