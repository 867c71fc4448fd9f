import type { ChannelRef } from "../protocol/channel.ts";
import type { ChannelSignals } from "../protocol/signal.ts";

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

interface WithMeta {
  readonly meta?: Record<string, unknown> | undefined;
}

/**
 * Binds a query to channels: `live(queryOptions({ … }), [channels.resource(ref)])`. While the query is
 * mounted its channels are joined, and their signals make it fetch again; nothing else needs calling.
 * Only writes `meta`; the options keep their full type.
 */
export function live<Options extends object>(
  options: Options,
  sources: readonly Source[],
): Options {
  const { meta } = options as WithMeta;
  return { ...options, meta: { ...meta, [metaKey]: toBindings(sources) } };
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

/** The bindings in a query's meta. */
export function bindingsOf(meta: Record<string, unknown> | undefined): readonly Binding[] {
  // Written by `live` alone; a key of ours in meta is not something that comes from outside.
  return (meta?.[metaKey] as readonly Binding[] | undefined) ?? [];
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
export function cursorsOf(
  meta: Record<string, unknown> | undefined,
): Readonly<Record<string, string>> {
  return (meta?.[cursorsKey] as Readonly<Record<string, string>> | undefined) ?? {};
}
