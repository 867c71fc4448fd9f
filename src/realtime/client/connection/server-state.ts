import { relaySilenceMs } from "../../protocol/limits.ts";
import type { ApiEvents } from "../api.ts";
import type { RealtimeReport } from "../realtime-client.ts";

export interface ServerStateOptions {
  /** Called when the relay was found to work, or not to. */
  onRelayChange(): void;
  onReport(report: RealtimeReport): void;
}

/** What the responses of the route say about the server. */
export interface ServerState {
  /** Spread of all clients in ms. */
  spreadMs(): number;
  isRelayAlive(): boolean;
  readonly events: Omit<ApiEvents, "onKey">;
}

export function createServerState({ onRelayChange, onReport }: ServerStateOptions): ServerState {
  let spreadMs = 0;
  let isRelayAlive = true;
  const reported = new Set<unknown>();
  return {
    spreadMs: () => spreadMs,
    isRelayAlive: () => isRelayAlive,
    events: {
      onSpread: (ms) => {
        spreadMs = ms;
      },
      onRelayAge: (ageMs) => {
        const isAlive = ageMs < relaySilenceMs;
        if (isAlive === isRelayAlive) return;
        isRelayAlive = isAlive;
        onRelayChange();
        if (!isAlive) onReport({ type: "relay-silent" });
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
