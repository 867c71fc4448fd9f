import type { ChannelRef } from "../../protocol/channel.ts";
import type { ChannelSignals } from "../../protocol/signal.ts";
import { type PageRule, type PagesPolicy, readFirstPageOnly } from "../pages.ts";
import type { Priority } from "../scheduler/scheduling.ts";

/** What `live` binds to: a channel, or some of its signals (see `on`). Empty values are ignored. */
export type Source = ChannelRef | ChannelSignals | null | undefined | false;

/** A binding of a query. Plain data in the query's meta, so that it can be dehydrated. */
export interface Binding {
  readonly channel: ChannelRef;
  /** Undefined: every signal of the channel. */
  readonly names: readonly string[] | undefined;
}

/** Keys in `query.meta`. */
const metaKey = "querycast";
const cursorsKey = "querycast.cursors";

type Meta = Record<string, unknown> | undefined;

/** What `live` writes to a query's meta. */
interface Bound {
  readonly bindings: readonly Binding[];
  readonly priority?: Priority;
  readonly isReadHidden?: boolean;
  readonly pages?: PageRule;
}

interface WithMeta {
  readonly meta?: Meta;
  readonly refetchIntervalInBackground?: boolean | undefined;
}

/** The type of one page of an infinite query. */
type PageOf<Options> = Options extends { readonly queryFn?: infer QueryFn }
  ? Awaited<ReturnType<Extract<QueryFn, (...context: never[]) => unknown>>>
  : never;

/** Options of {@link live}. */
export interface LiveOptions<Options = object> {
  /**
   * Order of fetches when many queries are stale at once. A `normal` query lets `high` ones pass that became
   * stale up to 1 s later, a `low` one up to 5 s. Default `normal`.
   */
  readonly priority?: Priority;
  /**
   * What signals do while the tab is hidden. `"wait"`: the query is fetched once when the tab is visible
   * again. `"read"`: the query is fetched in the hidden tab, at a random time within 5 s and at most once in
   * 15 to 45 s, e.g. for a count in the title. Default: `"read"` with `refetchIntervalInBackground: true`,
   * else `"wait"`.
   */
  readonly hidden?: "wait" | "read";
  /**
   * What signals do to an infinite query: `firstPage(…)` or `countArrivals(…)`. Default: all loaded pages are
   * fetched. After a gap, and while queries poll, all pages are fetched in any case.
   */
  readonly pages?: Options extends { readonly initialPageParam: unknown }
    ? PagesPolicy<PageOf<Options>>
    : never;
}

/**
 * Binds a query to channels. While the query is mounted its channels are joined, and it is fetched again
 * 20 ms after the first signal, at most every 100 ms, one fetch at a time. Returns the options with the
 * bindings in `meta`; their type does not change. Takes queries and infinite queries, on servers and in
 * browsers.
 *
 * @example
 * const commentsQuery = (ref: Ref) =>
 *   live(queryOptions({ queryKey: ["comments", ref], queryFn: () => readComments(ref) }), [
 *     channels.resource(ref),
 *   ]);
 */
export function live<Options extends object>(
  options: Options,
  sources: readonly Source[],
  { pages, priority, hidden }: LiveOptions<Options> = {},
): Options {
  const { meta, refetchIntervalInBackground } = options as WithMeta;
  const isReadHidden = hidden === undefined ? refetchIntervalInBackground : hidden === "read";
  const bound = {
    ...options,
    meta: {
      ...meta,
      [metaKey]: {
        ...boundIn(meta),
        bindings: toBindings(sources),
        ...(priority && { priority }),
        ...(isReadHidden && { isReadHidden }),
        ...(pages && { pages: pages.rule }),
      } satisfies Bound,
    },
  };
  const { queryFn } = options as { readonly queryFn?: unknown };
  if (typeof queryFn !== "function" || pages?.join === undefined) return bound;
  // The types of `live` ensure that the policy fits the pages of this function.
  return { ...bound, queryFn: readFirstPageOnly(queryFn as never, pages.join as never) };
}

function toBindings(sources: readonly Source[]): readonly Binding[] {
  return sources
    .filter((source) => source !== null && source !== undefined && source !== false)
    .map((source) =>
      "names" in source
        ? { channel: source.channel, names: source.names.length > 0 ? source.names : undefined }
        : { channel: source, names: undefined },
    );
}

// Not validated, because only `live` writes this key.
const boundIn = (meta: Meta) => meta?.[metaKey] as Bound | undefined;

interface Options {
  readonly meta?: Meta;
  readonly queryFn?: unknown;
}

/** A query of the cache, a dehydrated query, or options. The last two have no observers. */
export interface Bindable extends Options {
  readonly options?: Options;
  readonly observers?: readonly { readonly options: Options }[];
}

/**
 * The options that bind a query; undefined if none do. TanStack keeps the options that were used last, e.g. those of a
 * prefetch, and they may be without `live`: then those of a component that is mounted count.
 */
export function boundOptions(query: Bindable): Options | undefined {
  const { options = query, observers = [] } = query;
  if (boundIn(options.meta)) return options;
  return observers.find((each) => boundIn(each.options.meta))?.options;
}

const boundOf = (query: Bindable) => boundIn(boundOptions(query)?.meta);

/** The bindings of a query. */
export const bindingsOf = (query: Bindable): readonly Binding[] => boundOf(query)?.bindings ?? [];

export const priorityOf = (query: Bindable): Priority => boundOf(query)?.priority ?? "normal";

/** Whether signals make the query fetch in a hidden tab. */
export const isReadHidden = (query: Bindable): boolean => boundOf(query)?.isReadHidden === true;

/** The policy for a signal of this name. Undefined: all pages are fetched. */
export function pageRuleOf(query: Bindable, name: string): PageRule["type"] | undefined {
  const rule = boundOf(query)?.pages;
  return rule?.names === undefined || rule.names.includes(name) ? rule?.type : undefined;
}

/** Adds cursors by channel name to the meta of options. */
export function withCursors<Options extends object>(
  options: Options,
  cursors: Readonly<Record<string, string>>,
): Options {
  const { meta } = options as WithMeta;
  return { ...options, meta: { ...meta, [cursorsKey]: cursors } };
}

/** The cursors from {@link withCursors}. */
export function cursorsOf(meta: Meta): Readonly<Record<string, string>> {
  return (meta?.[cursorsKey] as Readonly<Record<string, string>> | undefined) ?? {};
}
