import type { ChannelSignals } from "../../protocol/signal.ts";
import type { AnyQuery } from "../binding/bindings.ts";
import { type LiveOptions, live, type Source } from "../binding/live.ts";
import { type EntityRule, entityRule } from "./entity-rule.ts";

/** The type of one row of a query whose data is a list. */
type RowOf<Options> = Options extends { readonly queryFn?: infer QueryFn }
  ? Awaited<
      ReturnType<Extract<QueryFn, (...context: never[]) => unknown>>
    > extends readonly (infer Row)[]
    ? Row
    : never
  : never;

/** Options of {@link liveEntities}. */
export interface LiveEntitiesOptions<Options, Row = RowOf<Options>>
  extends Omit<LiveOptions<Options>, "pages"> {
  /** One entity of a channel: `on(channels.chat({ chatId }), "chat.content")`. */
  readonly entity: ChannelSignals;
  /** The id of a row, as signals name it. */
  readonly id: (row: Row) => string;
  /**
   * Grows with each change of the row. A row is ignored unless it is newer than the one shown, or than it was when a
   * fetch removed it from the list.
   */
  readonly version: (row: Row) => number;
  /**
   * Where a row goes that the list does not contain: its index from 0 to `rows.length`, or undefined when it does not
   * belong to the list. Default: only rows of the list are replaced.
   */
  readonly place?: (rows: readonly Row[], row: Row) => number | undefined;
  /**
   * Further channels, whose signals make the query fetch. Rows of an entity with the same name are put into the list, so
   * that one list can show rows of several channels.
   */
  readonly sources?: readonly Source[];
}

/**
 * Binds a query whose data is a list of rows to an entity. Over a stream of the site itself, new versions of rows are
 * put into the list without a fetch. Without their rows, e.g. over a broker or after a gap, signals of the entity make
 * the query fetch as with `live`.
 *
 * Rows that arrive during a fetch are kept and put into its result, if they are newer. So a fetch must read from the
 * primary database: an older answer would replace newer rows.
 *
 * @example
 * const contentsQuery = (chatId: string) =>
 *   liveEntities(
 *     queryOptions({ queryKey: ["contents", chatId], queryFn: () => readContents(chatId) }),
 *     {
 *       entity: on(channels.chat({ chatId }), "chat.content"),
 *       id: ({ id }) => id,
 *       version: ({ version }) => version,
 *       place: (rows) => rows.length,
 *     },
 *   );
 *
 * @throws {TypeError} when `entity` does not have exactly one name, or the query has no function.
 */
export function liveEntities<Options extends object>(
  options: Options,
  { entity, id, version, place, sources = [], ...others }: LiveEntitiesOptions<Options>,
): Options {
  const { queryFn } = options as { readonly queryFn?: (context: unknown) => unknown };
  const [name, ...more] = entity.names;
  if (name === undefined || more.length > 0) {
    throw new TypeError(`liveEntities takes one entity, ${entity.names.length} are given.`);
  }
  if (typeof queryFn !== "function") throw new TypeError("liveEntities needs a query function.");
  const rule = createEntityRule(name, { id, version, place } as Placing<unknown>);
  const withRule = Object.assign((context: unknown) => queryFn(context), { [entityRule]: rule });
  return live({ ...options, queryFn: withRule }, [entity, ...sources], others as object);
}

interface Placing<Row> {
  readonly id: (row: Row) => string;
  readonly version: (row: Row) => number;
  readonly place?: ((rows: readonly Row[], row: Row) => number | undefined) | undefined;
}

/** What is remembered of a query. Its options, and so its rule, can change while it is fetched. */
interface Memory {
  /** Rows that arrived during a fetch, by id. */
  kept: Map<string, unknown> | undefined;
  /** Versions of rows that are or were in the list, by id. */
  readonly versions: Map<string, number>;
}

const memories = new WeakMap<AnyQuery, Memory>();
/** Number of rows outside of the list whose versions are remembered. The oldest are forgotten. */
const mostGone = 1_000;

function memoryOf(query: AnyQuery): Memory {
  const memory = memories.get(query) ?? { kept: undefined, versions: new Map() };
  memories.set(query, memory);
  return memory;
}

function createEntityRule(name: string, placing: Placing<unknown>): EntityRule {
  const { id, version } = placing;

  /** Remembers the versions of the rows in the list, which a fetch is about to replace or has replaced. */
  const look = (query: AnyQuery): Memory => {
    const memory = memoryOf(query);
    const { data } = query.state;
    const { versions } = memory;
    if (!Array.isArray(data)) return memory;
    for (const row of data) versions.set(id(row), version(row));
    if (versions.size > data.length + mostGone) {
      const shown = new Set(data.map(id));
      const gone = [...versions.keys()].filter((each) => !shown.has(each));
      for (const each of gone.slice(0, -mostGone)) versions.delete(each);
    }
    return memory;
  };

  const put = (query: AnyQuery, rows: Iterable<unknown>) => {
    const { data, dataUpdatedAt, isInvalidated } = query.state;
    const next = putRows(data as readonly unknown[], rows, placing, memoryOf(query).versions);
    if (next === data) return;
    query.setData(next, { updatedAt: dataUpdatedAt, manual: true });
    // `setData` also removes the mark of a fetch that is still due.
    if (isInvalidated) query.invalidate();
  };

  return {
    name,
    started: look,
    upsert: (query, rows) => {
      if (!rows.every((row) => isRow(row, placing))) return false;
      if (query.state.fetchStatus === "idle") {
        if (!Array.isArray(query.state.data)) return false;
        put(query, rows);
        return true;
      }
      const memory = memoryOf(query);
      memory.kept ??= new Map();
      for (const row of rows) keepNewest(memory.kept, row, placing);
      return true;
    },
    settled: (query) => {
      const memory = look(query);
      const { kept } = memory;
      if (kept === undefined || query.state.fetchStatus !== "idle") return true;
      memory.kept = undefined;
      if (!Array.isArray(query.state.data)) return false;
      put(query, kept.values());
      return true;
    },
    isKeeping: (query) => memories.get(query)?.kept !== undefined,
    forget: (query) => {
      look(query).kept = undefined;
    },
  };
}

/** Whether the row has an id and a version. Rows come from another build of the site while it is deployed. */
function isRow(row: unknown, { id, version }: Placing<unknown>): boolean {
  if (typeof row !== "object" || row === null) return false;
  return typeof id(row) === "string" && Number.isFinite(version(row));
}

/**
 * Returns the same list when no row is newer.
 *
 * @param versions of rows that are or were in the list. Those of the rows are added.
 */
function putRows(
  list: readonly unknown[],
  rows: Iterable<unknown>,
  placing: Placing<unknown>,
  versions: Map<string, number>,
): readonly unknown[] {
  const { id, version, place } = placing;
  const newest = new Map<string, unknown>();
  for (const row of rows) keepNewest(newest, row, placing);
  let hasChanged = false;
  const take = (row: unknown) => {
    versions.set(id(row), version(row));
    hasChanged = true;
    return row;
  };
  const next = list.map((shown) => {
    const row = newest.get(id(shown));
    if (row === undefined) return shown;
    newest.delete(id(shown));
    return version(row) <= version(shown) ? shown : take(row);
  });
  for (const row of newest.values()) {
    // A late message about a row that has left the list. Without a known version the comparison is false.
    if (version(row) <= Number(versions.get(id(row)))) continue;
    const at = place?.(next, row);
    if (at !== undefined) next.splice(at, 0, take(row));
  }
  return hasChanged ? next : list;
}

function keepNewest(
  rows: Map<string, unknown>,
  row: unknown,
  { id, version }: Placing<unknown>,
): void {
  const before = rows.get(id(row));
  if (before === undefined || version(row) > version(before)) rows.set(id(row), row);
}
