"use client";

/** `querycast/react`: the provider, hydration and hooks for React. */
export { type Realtime, useRealtime } from "./react/context.ts";
export { LiveHydration, type LiveHydrationProps } from "./react/live-hydration.tsx";
export { RealtimeProvider, type RealtimeProviderProps } from "./react/provider.tsx";
export type { ReceivedSignal, SignalHandlers, SignalOf } from "./react/signal-of.ts";
export { type ShownArrivals, useArrivals } from "./react/use-arrivals.ts";
export type { MaybeRef } from "./react/use-channel.ts";
export { useInvalidation } from "./react/use-invalidation.ts";
export { useLiveState } from "./react/use-live-state.ts";
export { useLatestMessage, useMessages } from "./react/use-messages.ts";
export type { QueryOrKey } from "./react/use-query-hash.ts";
export { useRealtimeState } from "./react/use-realtime-state.ts";
export {
  type RealtimeSubscriptionOptions,
  type SubscriptionEvent,
  useRealtimeSubscription,
} from "./react/use-realtime-subscription.ts";
export { useSignals } from "./react/use-signals.ts";
