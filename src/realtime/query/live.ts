import type { ChannelRef } from "../protocol/channel.ts";
import type { ChannelSignals } from "../protocol/signal.ts";
import { type PageRule, type PagesPolicy, readFirstPageOnly } from "./pages.ts";
import type { Priority } from "./scheduling.ts";

/** A whole channel, some of its signals (see `on`), or nothing for now. */
export type Source = ChannelRef | ChannelSignals | null | undefined | false;

/** What a query is bound to: plain data in its meta, so it survives dehydration. */
export interface Binding {
  readonly channel: ChannelRef;
  /** `undefined`: every signal of the channel. */
  readonly names: readonly string[] | undefined;
}

/** Keys in `query.meta`. */
const metaKey = "querycast";
const cursorsKey = "querycast.cursors";
const priorityKey = "querycast.priority";
const pagesKey = "querycast.pages";
const hiddenKey = "querycast.hidden";

interface WithMeta {
  readonly meta?: Record<string, unknown> | undefined;
  readonly refetchIntervalInBackground?: boolean | undefined;
}

/** What one page is, of the options of an infinite query. */
type PageOf<Options> = Options extends { readonly queryFn?: infer QueryFn }
  ? Awaited<ReturnType<Extract<QueryFn, (...context: never[]) => unknown>>>
  : never;

export interface LiveOptions<Options = object> {
  /**
   * Where many queries became stale at once, the urgent are fetched first. Default `normal`: up to 1 s
   * behind what is `high` and came later; `low`: up to 5 s.
   */
  readonly priority?: Priority;
  /**
   * What signals do while the tab is hidden. Default `"wait"`: one read when the tab is visible again.
   * `"read"`: the query is read in the hidden tab too, each time at a random moment within 5 s and at most
   * once in 15 to 45 s; for a count in the title. Also chosen by `refetchIntervalInBackground: true`.
   */
  readonly hidden?: "wait" | "read";
  /**
   * What signals do to an infinite query: `firstPage(…)`, `countArrivals(…)`, or, by default, all loaded
   * pages are read. After a gap, and while live is down, all pages are read whatever the policy.
   */
  readonly pages?: Options extends { readonly initialPageParam: unknown }
    ? PagesPolicy<PageOf<Options>>
    : never;
}

/**
 * Binds a query to channels: `live(queryOptions({ … }), [channels.resource(ref)])`. While the query is
 * mounted its channels are joined, and their signals make it fetch again; nothing else needs calling.
 * The options keep their full type.
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
      [metaKey]: toBindings(sources),
      ...(priority && { [priorityKey]: priority }),
      ...(isReadHidden && { [hiddenKey]: true }),
      ...(pages && { [pagesKey]: pages.rule }),
    },
  };
  const { queryFn } = options as { readonly queryFn?: unknown };
  if (typeof queryFn !== "function" || pages?.join === undefined) return bound;
  // The types of `live` have tied the policy to what this function returns.
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

type Meta = Record<string, unknown> | undefined;

/** The bindings in a query's meta. */
export function bindingsOf(meta: Meta): readonly Binding[] {
  // Written by `live` alone; a key of ours in meta is not something that comes from outside.
  return (meta?.[metaKey] as readonly Binding[] | undefined) ?? [];
}

export function priorityOf(meta: Meta): Priority {
  return (meta?.[priorityKey] as Priority | undefined) ?? "normal";
}

/** Whether signals make the query read in a hidden tab. */
export function isReadHidden(meta: Meta): boolean {
  return meta?.[hiddenKey] === true;
}

/** What a signal of this name does, when it does not read all. */
export function pageRuleOf(meta: Meta, name: string): PageRule["type"] | undefined {
  const rule = meta?.[pagesKey] as PageRule | undefined;
  return rule?.names === undefined || rule.names.includes(name) ? rule?.type : undefined;
}

/** The same options with where the log stood, by channel name. */
export function withCursors<Options extends object>(
  options: Options,
  cursors: Readonly<Record<string, string>>,
): Options {
  const { meta } = options as WithMeta;
  return { ...options, meta: { ...meta, [cursorsKey]: cursors } };
}

/** What {@link withCursors} noted. */
export function cursorsOf(meta: Meta): Readonly<Record<string, string>> {
  return (meta?.[cursorsKey] as Readonly<Record<string, string>> | undefined) ?? {};
}
