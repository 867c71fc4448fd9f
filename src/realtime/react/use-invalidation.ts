import type { QueryKey } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChannelRef } from "../protocol/channel.ts";
import { useRealtime } from "./context.ts";
import type { SignalOf } from "./signal-of.ts";
import { type MaybeRef, useChannel } from "./use-channel.ts";
import { useLatest } from "./use-latest.ts";

/**
 * Invalidates queries by the signals of a channel while mounted. For queries whose options cannot be wrapped
 * in `live()`, e.g. those of another package. Mounted queries are fetched, others marked as stale.
 *
 * @param keysOf returns the keys of the queries that a signal concerns. It is called with `undefined` after a
 * gap, for a signal that this build does not declare, and on mount, when signals may have been missed: return
 * all keys that depend on the channel.
 *
 * @throws {Error} without a `RealtimeProvider` above
 *
 * @example
 * useInvalidation(channels.resource(ref), () => [["comments", ref]]);
 */
export function useInvalidation<const Ref extends ChannelRef>(
  ref: MaybeRef<Ref>,
  keysOf: (signal: SignalOf<NoInfer<Ref>> | undefined) => readonly QueryKey[],
): void {
  const { bridge } = useRealtime();
  const latest = useLatest(keysOf);
  const name = ref ? ref.name : undefined;
  useChannel(ref, {
    // The client has checked the name and the ids against the contract, so that the type is right.
    signal: (signal, isKnown) => bridge.invalidate(keysOf(isKnown ? (signal as never) : undefined)),
    gap: () => bridge.invalidate(keysOf(undefined)),
  });
  useEffect(() => {
    if (name !== undefined) bridge.invalidate(latest.current(undefined));
  }, [bridge, name, latest]);
}
