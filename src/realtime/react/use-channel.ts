import { useEffect } from "react";
import type { ChannelListener } from "../client/realtime-client.ts";
import type { ChannelRef } from "../protocol/channel.ts";
import { useRealtime } from "./context.ts";
import { useLatest } from "./use-latest.ts";

/** A channel reference, or an empty value to subscribe to nothing. */
export type MaybeRef<Ref> = Ref | null | undefined | false;

/** Subscribes while mounted and calls the latest listener. Subscribes again only if the channel's name changes. */
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
