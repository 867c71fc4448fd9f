/** State of one fetch of the first page only, in the fetch's meta. */
export interface FirstPageRun {
  /** The known pages after the first that are still to be returned. Undefined until the first was read. */
  rest: unknown[] | undefined;
}

/** What a signal does to an infinite query. Plain data in the query's meta, so that it can be dehydrated. */
export interface PageRule {
  readonly type: "first" | "count";
  /** Undefined: every signal that the query is bound to. */
  readonly names: readonly string[] | undefined;
}

/** What signals do to an infinite query. Made by {@link firstPage} or {@link countArrivals}. */
export interface PagesPolicy<Page> {
  readonly rule: PageRule;
  /** Returns the pages after a new first page, or `undefined` if all pages have to be fetched. */
  readonly join?: (known: readonly Page[], first: Page) => readonly Page[] | undefined;
}

/** Options of {@link firstPage}. */
export interface FirstPageOptions<Page, Row> {
  /** Signals that change only the first page, e.g. that of a new row. Default: all. */
  readonly on?: readonly string[];
  /** Returns the rows of a page. */
  readonly rows: (page: Page) => readonly Row[];
  /** Returns what identifies a row, e.g. `(row) => row.id`. Compared like the keys of a `Map`. */
  readonly rowKey: (row: Row) => unknown;
  /** Returns a copy of the page with these rows. */
  readonly withRows: (page: Page, rows: readonly Row[]) => Page;
}

/**
 * Signals make an infinite query fetch its first page only. For lists that are paged by cursor, newest rows
 * first.
 *
 * Rows that the new first page no longer has move to the second page, so that no row is missing or
 * duplicated between them. If the new first page has no row in common with the loaded rows, or new
 * rows after the last common one, rows in between may be missing, and all pages are fetched. Changes on other pages are not noticed:
 * list in `on` the signals that change only the first page; other signals fetch all pages.
 *
 * @example
 * live(infiniteQueryOptions({ … }), [channel], {
 *   pages: firstPage({
 *     on: ["comment.created"],
 *     rows: (page: CommentPage) => page.comments,
 *     rowKey: (comment) => comment.id,
 *     withRows: (page, comments) => ({ ...page, comments: [...comments] }),
 *   }),
 * });
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
      // The last row of the new page that was loaded before. The rows that followed it still follow it.
      const seam = rows(first).findLast((row) => places.has(rowKey(row)));
      if (seam === undefined) return undefined;
      const behind = new Set(
        shown.slice((places.get(rowKey(seam)) ?? 0) + 1).filter((row) => !fresh.has(rowKey(row))),
      );
      // Unknown rows after the seam: their order among the known rows behind it cannot be decided.
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
 * Signals of an infinite query are counted and cause no fetch. `useArrivals` returns the count and a function
 * that fetches. For lists that must not move while someone reads.
 *
 * @param on names of the signals to count. Default: all. Other signals fetch all pages.
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

/** Queries by key object: a query function gets the key object of its query and no hash. */
const runs = new WeakMap<readonly unknown[], KnownQuery>();

/** Returns the meta for a fetch of this query that reads the first page only. */
export function startFirstPageRun(query: KnownQuery): { readonly firstPage: FirstPageRun } {
  runs.set(query.queryKey, query);
  return { firstPage: { rest: undefined } };
}

interface Fetch {
  readonly queryKey: readonly unknown[];
}

/**
 * Wraps a query function. In a fetch of the first page only, it calls `queryFn` for that page and returns
 * the known data for the others. TanStack then runs its usual fetch of all pages.
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
