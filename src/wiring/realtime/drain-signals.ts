import { createRelayLog, type Drained, drain } from "querycast/server";
import { log } from "@/lib/logging/log.ts";
import { metrics } from "../metrics/metrics.ts";
import { broker, hub } from "./broker.ts";
import { relaySession } from "./relay-session.ts";
import { rollout } from "./rollout.ts";

/** Relays the pending signals of the log. Null when there is no broker. */
export async function drainSignals(): Promise<Drained | null> {
  const target = broker();
  // With streams each process follows the log itself, so nothing is pending here.
  if (target === null || hub() !== null) return null;
  const open = relaySession();
  return drain({
    log: createRelayLog({ open }),
    broker: target,
    rollout: rollout(),
    onEvent: (event) => {
      metrics().relayed(event);
      if (event.type === "set-aside") log.error("drain", event);
      if (event.type === "broker-failed") log.warn("drain", event);
    },
  });
}
