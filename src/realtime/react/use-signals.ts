import type { ChannelRef } from "../protocol/channel.ts";
import type { SignalHandlers } from "./signal-of.ts";
import { type MaybeRef, useChannel } from "./use-channel.ts";

type AnyHandlers = Readonly<Record<string, ((signal: never) => void) | undefined>>;

/**
 * Calls a handler for each signal while mounted, for toasts and the like:
 * `useSignals(channels.user({ userId }), { "notification.created": () => toast("…") })`. A signal may
 * be missed (the tab slept) — what must not be missed belongs into a query bound with `live()`.
 */
export function useSignals<Signals>(
  ref: MaybeRef<ChannelRef<string, Signals>>,
  handlers: SignalHandlers<NoInfer<Signals>>,
): void {
  useChannel(ref, {
    signal: (signal, isKnown) => {
      // Declared names only, whose ids the client has checked: so the signal is what the type says.
      if (isKnown) (handlers as AnyHandlers)[signal.name]?.(signal as never);
    },
    gap: () => {},
  });
}
