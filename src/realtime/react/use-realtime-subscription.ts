import { useEffect, useRef } from "react";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { ChannelRef } from "../protocol/channel.ts";
import { useRealtime } from "./context.ts";
import type { SignalOf } from "./signal-of.ts";
import { useLatest } from "./use-latest.ts";

/** What {@link useRealtimeSubscription} reports about one of its channels. Narrow it by `type`. */
export type SubscriptionEvent<Ref> =
  /** A declared signal. Narrow `signal` by its `name`. */
  | { readonly type: "signal"; readonly channel: Ref; readonly signal: SignalOf<Ref> }
  /** Anything on the channel may have changed: signals were missed, or one is unknown to this build. */
  | { readonly type: "gap"; readonly channel: Ref }
  /** The viewer may not, or no longer, read the channel. Follows a gap if the channel was joined before. */
  | { readonly type: "revoked"; readonly channel: Ref };

/** Options of {@link useRealtimeSubscription}. */
export interface RealtimeSubscriptionOptions<Ref extends ChannelRef> {
  /** References of the channels, in any order. For an empty list no connection is opened. */
  readonly channels: readonly Ref[];
  /** Called for each event. The function of the last render is used. */
  readonly onEvent: (event: SubscriptionEvent<Ref>) => void;
  /** With `false` no channel is subscribed to. Default true. */
  readonly enabled?: boolean;
}

/**
 * Subscribes to a list of channels while mounted and reports signals, gaps and revocations. For data that no
 * query holds, e.g. server components; for queries use `live()`. All channels share the connection of the
 * `RealtimeProvider`. A new list with the same channels changes nothing.
 *
 * Every channel that the viewer may read begins with a `gap`, because it may have changed between the rendering
 * of the page and the subscription. Reading again on every event is always correct.
 *
 * @throws {Error} without a `RealtimeProvider` above
 *
 * @example
 * useRealtimeSubscription({ channels: [channels.team({ teamId })], onEvent: () => router.refresh() });
 */
export function useRealtimeSubscription<const Ref extends ChannelRef>({
  channels,
  onEvent,
  enabled = true,
}: RealtimeSubscriptionOptions<Ref>): void {
  const { client } = useRealtime();
  const wanted = new Map(enabled ? channels.map((ref) => [ref.name, ref]) : []);
  const latest = useLatest({ wanted, onEvent });
  const subscriptions = useRef(new Map<string, () => void>());
  // Names contain no white space.
  const content = [...wanted.keys()].sort().join(" ");

  // biome-ignore lint/correctness/useExhaustiveDependencies: another client has other subscriptions
  useEffect(() => () => stopAll(subscriptions.current), [client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the content of the list counts
  useEffect(() => {
    const current = latest.current.wanted;
    for (const [name, stop] of subscriptions.current) {
      if (current.has(name)) continue;
      stop();
      subscriptions.current.delete(name);
    }
    for (const [name, ref] of current) {
      if (subscriptions.current.has(name)) continue;
      const report = (event: SubscriptionEvent<Ref>) => latest.current.onEvent(event);
      subscriptions.current.set(name, follow(client, ref, report));
    }
  }, [client, content, latest]);
}

function follow<Ref extends ChannelRef>(
  client: RealtimeClient,
  channel: Ref,
  report: (event: SubscriptionEvent<Ref>) => void,
): () => void {
  const gap = () => report({ type: "gap", channel });
  const revoked = () => report({ type: "revoked", channel });
  const isDenied = client.channelState(channel.name).status === "denied";
  const isFollowed = client.startFrom(channel.name) !== undefined;
  const stop = client.subscribe(channel, {
    signal: (signal, isKnown) => {
      // The client has checked the name and the ids against the contract, so that the type is right.
      if (isKnown) report({ type: "signal", channel, signal: signal as never });
      else gap();
    },
    gap,
    revoked,
  });
  // The first catch-up without a cursor is answered with a gap. With one, earlier events went to other listeners.
  if (isDenied) revoked();
  else if (isFollowed) gap();
  return stop;
}

function stopAll(subscriptions: Map<string, () => void>): void {
  for (const stop of subscriptions.values()) stop();
  subscriptions.clear();
}
