import type { ChannelRef } from "../protocol/channel.ts";
import type { SignalHandlers } from "./signal-of.ts";
import { type MaybeRef, useChannel } from "./use-channel.ts";

type AnyHandlers = Readonly<Record<string, ((signal: never) => void) | undefined>>;

/**
 * Calls a handler for each signal of a channel while mounted, e.g. to show a toast. Signals can be missed,
 * for example while the tab is asleep. For data use a query bound with `live()`.
 *
 * @throws {Error} without a `RealtimeProvider` above
 *
 * @example
 * useSignals(channels.user({ userId }), { "notification.created": () => toast("New notification") });
 */
export function useSignals<Signals>(
  ref: MaybeRef<ChannelRef<string, Signals>>,
  handlers: SignalHandlers<NoInfer<Signals>>,
): void {
  useChannel(ref, {
    signal: (signal, isKnown) => {
      // The client has checked the ids of declared signals, so that the type is right.
      if (isKnown) (handlers as AnyHandlers)[signal.name]?.(signal as never);
    },
    gap: () => {},
  });
}
