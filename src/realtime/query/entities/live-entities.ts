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
  /** Grows with each change of the row. A row that is not newer than the one shown is ignored. */
  readonly version: (row: Row) => number;
  /**
   * Where a row goes that the list does not contain: its index from 0 to `rows.length`, or undefined when it does not
   * belong to the list. Default: only rows of the list are replaced.
   */
  readonly place?: (rows: readonly Row[], row: Row) => number | undefined;
  /** Further channels, whose signals make the query fetch. */
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

/** Rows that arrived during a fetch, by id. A query's options, and so its rule, can change while it is fetched. */
const keptRows = new WeakMap<AnyQuery, Map<string, unknown>>();

function createEntityRule(name: string, placing: Placing<unknown>): EntityRule {
  const { id, version } = placing;

  const put = (query: AnyQuery, rows: Iterable<unknown>) => {
    const { data, dataUpdatedAt, isInvalidated } = query.state;
    const next = putRows(data as readonly unknown[], rows, placing);
    if (next === data) return;
    query.setData(next, { updatedAt: dataUpdatedAt, manual: true });
    // `setData` also removes the mark of a fetch that is still due.
    if (isInvalidated) query.invalidate();
  };

  return {
    name,
    upsert: (query, rows) => {
      if (!rows.every((row) => isRow(row, placing))) return false;
      if (query.state.fetchStatus === "idle") {
        if (!Array.isArray(query.state.data)) return false;
        put(query, rows);
        return true;
      }
      const kept = keptRows.get(query) ?? new Map<string, unknown>();
      keptRows.set(query, kept);
      for (const row of rows) {
        const before = kept.get(id(row));
        if (before === undefined || version(row) > version(before)) kept.set(id(row), row);
      }
      return true;
    },
    settled: (query) => {
      const kept = keptRows.get(query);
      if (kept === undefined || query.state.fetchStatus !== "idle") return true;
      keptRows.delete(query);
      if (!Array.isArray(query.state.data)) return false;
      put(query, kept.values());
      return true;
    },
    isKeeping: (query) => keptRows.has(query),
    forget: (query) => {
      keptRows.delete(query);
    },
  };
}

/** Whether the row has an id and a version. Rows come from another build of the site while it is deployed. */
function isRow(row: unknown, { id, version }: Placing<unknown>): boolean {
  if (typeof row !== "object" || row === null) return false;
  return typeof id(row) === "string" && Number.isFinite(version(row));
}

/** Returns the same list when no row is newer. */
function putRows(
  list: readonly unknown[],
  rows: Iterable<unknown>,
  { id, version, place }: Placing<unknown>,
): readonly unknown[] {
  const next = [...list];
  const indexes = () => new Map(next.map((row, index) => [id(row), index]));
  let indexById = indexes();
  let hasChanged = false;
  for (const row of rows) {
    const index = indexById.get(id(row));
    if (index !== undefined) {
      if (version(row) <= version(next[index])) continue;
      next[index] = row;
    } else {
      const at = place?.(next, row);
      if (at === undefined) continue;
      next.splice(at, 0, row);
      indexById = at === next.length - 1 ? indexById.set(id(row), at) : indexes();
    }
    hasChanged = true;
  }
  return hasChanged ? next : list;
}
