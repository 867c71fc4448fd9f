import type { Clock } from "../../protocol/clock.ts";
import type { Channels } from "../channels/channels.ts";
import type { Delivery } from "../channels/delivery.ts";
import type { Environment } from "../environment.ts";
import type { RealtimeReport } from "../realtime-client.ts";
import type { StatusWatch } from "../rollout/status-watch.ts";
import type { ConnectionState } from "./connection-state.ts";
import type { Connector } from "./connector.ts";
import { watchPresence } from "./presence.ts";
import { isOver, type OfflineReason } from "./state.ts";

export interface LifecycleOptions {
  readonly state: ConnectionState;
  readonly channels: Channels;
  readonly delivery: Delivery;
  readonly environment: Environment;
  readonly clock: Clock;
  /** Undefined without a transport. */
  readonly connector: Connector | undefined;
  readonly watch: StatusWatch | undefined;
  onSettled(): void;
  onReport(report: RealtimeReport): void;
}

/** Decides when the client is connected: while a wanted channel is on, and the page has a network. */
export interface Lifecycle {
  /** Connects or disconnects after the wanted channels have changed. */
  settle(): void;
  stop(reason: OfflineReason): void;
  /** The route does not accept the viewer's session. */
  signOut(): void;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { state, channels, environment, connector, watch } = options;
  let stopListening: (() => void) | undefined;

  const start = () => {
    const current = state.get();
    if (current.status !== "offline" || isOver(current) || !channels.isAnyOn()) return;
    stopListening ??= listen();
    if (!environment.isOnline()) return state.dispatch({ type: "stop", reason: "no-network" });
    state.dispatch({ type: "start" });
    connector?.open();
  };

  const stop = (reason: OfflineReason) => {
    connector?.close();
    if (reason !== "no-network") {
      stopListening?.();
      stopListening = undefined;
    }
    state.dispatch({ type: "stop", reason });
  };

  const listen = () =>
    watchPresence({
      environment,
      clock: options.clock,
      onOffline: () => stop("no-network"),
      onOnline: start,
      onVisible: () => connector?.retrySoon(),
      // After sleep the page may have missed signals, and its socket may be dead without an event.
      onWake: () => {
        connector?.session()?.catchUp();
        connector?.check();
      },
    });

  return {
    stop,
    settle: () => {
      const isEmpty = channels.all().length === 0;
      if (isEmpty) watch?.stop();
      else watch?.start();
      if (channels.isAnyOn()) start();
      else stop(isEmpty ? "idle" : "off");
      options.onSettled();
    },
    signOut: () => {
      watch?.stop();
      for (const channel of channels.all()) options.delivery.revoked(channel);
      stop("signed-out");
      options.onReport({ type: "signed-out" });
    },
  };
}
