import { relaySilenceMs } from "../../protocol/limits.ts";
import type { ApiEvents } from "../api.ts";
import type { RealtimeReport } from "../realtime-client.ts";

export interface ServerStateOptions {
  /** Called when {@link ServerState.isRelayAlive} has changed. */
  onRelayChange(): void;
  onReport(report: RealtimeReport): void;
}

/** What the responses of the route say about the server. */
export interface ServerState {
  /** Spread of all clients in ms. */
  spreadMs(): number;
  /** Whether a relay works, as far as is known: not while the route is silent. */
  isRelayAlive(): boolean;
  /** The route has stopped answering, or answers again. */
  setSilent(isSilent: boolean): void;
  readonly events: Omit<ApiEvents, "onKey">;
}

export function createServerState({ onRelayChange, onReport }: ServerStateOptions): ServerState {
  let spreadMs = 0;
  let isRelayAlive = true;
  let isSilent = false;
  const change = (type?: "relay-silent" | "route-silent") => {
    onRelayChange();
    if (type) onReport({ type });
  };
  const reported = new Set<unknown>();
  return {
    spreadMs: () => spreadMs,
    isRelayAlive: () => isRelayAlive && !isSilent,
    setSilent: (next) => {
      if (next === isSilent) return;
      isSilent = next;
      change(next ? "route-silent" : undefined);
    },
    events: {
      onSpread: (ms) => {
        spreadMs = ms;
      },
      onRelayAge: (ageMs) => {
        const isAlive = ageMs < relaySilenceMs;
        if (isAlive === isRelayAlive) return;
        isRelayAlive = isAlive;
        change(isAlive ? undefined : "relay-silent");
      },
      onRefused: (code, httpStatus) => {
        // Rate limits and server errors are temporary: retries handle them without a report.
        const isTemporary = httpStatus === 429 || httpStatus >= 500 || code === "unknown_key";
        if (isTemporary || reported.has(code)) return;
        reported.add(code);
        onReport({ type: "refused", code, httpStatus });
      },
    },
  };
}
