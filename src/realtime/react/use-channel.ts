import { useEffect } from "react";
import type { ChannelListener } from "../client/realtime-client.ts";
import type { ChannelRef } from "../protocol/channel.ts";
import { useRealtime } from "./context.ts";
import { useLatest } from "./use-latest.ts";

/** A channel, or nothing for now. */
export type MaybeRef<Ref> = Ref | null | undefined | false;

/** Listens while mounted, always with the latest listener; a new reference to the same channel changes nothing. */
export function useChannel(ref: MaybeRef<ChannelRef>, listener: ChannelListener): void {
  const { client } = useRealtime();
  const latest = useLatest({ ref, listener });
  const name = ref ? ref.name : undefined;
  useEffect(() => {
    const { ref: current } = latest.current;
    if (name === undefined || !current) return;
    return client.subscribe(current, {
      signal: (signal, isKnown) => latest.current.listener.signal(signal, isKnown),
      gap: () => latest.current.listener.gap(),
    });
  }, [client, name, latest]);
}
