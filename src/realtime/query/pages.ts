/** What one fetch of an infinite query does, by its fetch meta. TanStack's type knows only its own key. */
export interface FirstPageRun {
  /** The pages after the first, taken from what is known; `undefined` until the first is read. */
  rest: unknown[] | undefined;
}

/** What a signal does to an infinite query. Plain data in its meta, so it survives dehydration. */
export interface PageRule {
  readonly type: "first" | "count";
  /** `undefined`: every signal the query is bound to. */
  readonly names: readonly string[] | undefined;
}

/** See {@link firstPage} and {@link countArrivals}. */
export interface PagesPolicy<Page> {
  readonly rule: PageRule;
  /** The pages after a first one that was read anew; `undefined` when they cannot be joined to it. */
  readonly join?: (known: readonly Page[], first: Page) => readonly Page[] | undefined;
}

export interface FirstPageOptions<Page, Row> {
  /** Signals that concern the first page alone, e.g. of what is new. Default: all. */
  readonly on?: readonly string[];
  readonly rows: (page: Page) => readonly Row[];
  /** What tells rows apart, e.g. `(row) => row.id`. */
  readonly rowKey: (row: Row) => unknown;
  /** The page with other rows. */
  readonly withRows: (page: Page, rows: readonly Row[]) => Page;
}

/**
 * Reads the first page only and keeps the others, for lists read by cursor whose news comes first.
 *
 * What the new first page pushed out of it moves to the page behind it, so that at the seam no row is
 * missing and none is shown twice. When the new first page shares no row with what was shown, or goes on
 * behind it with rows that were not, nobody can tell what lies between, and all pages are read. What changed on the other pages is not noticed: say
 * with `on` which signals concern the first page alone; the others read all pages.
 */
export function firstPage<Page, Row>({
  on,
  rows,
  rowKey,
  withRows,
}: FirstPageOptions<Page, Row>): PagesPolicy<Page> {
  return {
    rule: { type: "first", names: on },
    join: (known, first) => {
      const fresh = new Set(rows(first).map(rowKey));
      const shown = known.flatMap(rows);
      const places = new Map(shown.map((row, index) => [rowKey(row), index]));
      // The last row of the new page that was shown before: what was behind it is still behind it.
      const seam = rows(first).findLast((row) => places.has(rowKey(row)));
      if (seam === undefined) return undefined;
      const behind = new Set(
        shown.slice((places.get(rowKey(seam)) ?? 0) + 1).filter((row) => !fresh.has(rowKey(row))),
      );
      // After the seam the new page goes on with rows that were never shown: before or after those behind?
      if (behind.size > 0 && seam !== rows(first).at(-1)) return undefined;
      const [pushedOut = [], ...others] = known.map((page) =>
        rows(page).filter((row) => behind.has(row)),
      );
      return others.map((left, index) =>
        withRows(known[index + 1] as Page, index === 0 ? [...pushedOut, ...left] : left),
      );
    },
  };
}

/**
 * Reads nothing and counts: `useArrivals` says how many came, and shows them when the reader wants. For
 * lists that must not move under the reader.
 *
 * @param on the signals that are counted. Default: all. The others read all pages.
 */
export function countArrivals(...on: readonly string[]): Pick<PagesPolicy<never>, "rule"> {
  return { rule: { type: "count", names: on.length > 0 ? on : undefined } };
}

function firstPageRunOf(meta: object | null | undefined): FirstPageRun | undefined {
  return (meta as { readonly firstPage?: FirstPageRun } | null | undefined)?.firstPage;
}

interface KnownQuery {
  readonly queryKey: readonly unknown[];
  readonly state: { readonly data: unknown; readonly fetchMeta: object | null };
}

/** The query of a key, by identity: a query function gets the key object of its query, and no hash. */
const runs = new WeakMap<readonly unknown[], KnownQuery>();

/** The meta of a fetch of this query that reads the first page only. */
export function startFirstPageRun(query: KnownQuery): { readonly firstPage: FirstPageRun } {
  runs.set(query.queryKey, query);
  return { firstPage: { rest: undefined } };
}

interface Fetch {
  readonly queryKey: readonly unknown[];
}

/**
 * The same function, which in a fetch of the first page reads that one and hands out what is known for
 * the others: so it is TanStack's own fetch of all pages, one at a time and never aborted.
 */
export function readFirstPageOnly<Context extends Fetch, Page>(
  queryFn: (context: Context) => Page | Promise<Page>,
  join: (known: readonly Page[], first: Page) => readonly Page[] | undefined,
): (context: Context) => Promise<Page> {
  return async (context) => {
    const query = runs.get(context.queryKey);
    const run = firstPageRunOf(query?.state.fetchMeta);
    const known = run?.rest?.shift() as Page | undefined;
    if (known !== undefined) return known;
    const page = await queryFn(context);
    if (run !== undefined && run.rest === undefined) {
      const { pages = [] } = (query?.state.data ?? {}) as { readonly pages?: readonly Page[] };
      run.rest = [...(join(pages, page) ?? [])];
    }
    return page;
  };
}
