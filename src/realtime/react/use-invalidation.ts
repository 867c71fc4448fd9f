import type { QueryKey } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChannelRef } from "../protocol/channel.ts";
import { useRealtime } from "./context.ts";
import type { SignalOf } from "./signal-of.ts";
import { type MaybeRef, useChannel } from "./use-channel.ts";
import { useLatest } from "./use-latest.ts";

/**
 * For queries that `live()` cannot be written on, because their options live elsewhere: while mounted,
 * each signal makes the queries under the returned keys stale, and fetched again if somebody looks.
 *
 * `keysOf(undefined)` asks for all keys the channel can touch: after a gap, for a signal of a newer
 * build, and on mount, when nobody can tell what was missed before.
 */
export function useInvalidation<const Ref extends ChannelRef>(
  ref: MaybeRef<Ref>,
  keysOf: (signal: SignalOf<NoInfer<Ref>> | undefined) => readonly QueryKey[],
): void {
  const { bridge } = useRealtime();
  const latest = useLatest(keysOf);
  const name = ref ? ref.name : undefined;
  useChannel(ref, {
    // The client has checked name and ids against the contract: so the signal is what the type says.
    signal: (signal, isKnown) => bridge.invalidate(keysOf(isKnown ? (signal as never) : undefined)),
    gap: () => bridge.invalidate(keysOf(undefined)),
  });
  useEffect(() => {
    if (name !== undefined) bridge.invalidate(latest.current(undefined));
  }, [bridge, name, latest]);
}
