import { createRelayLog, type Drained, drain, pruneLog } from "querycast/server";
import { log } from "@/lib/logging/log.ts";
import { metrics } from "../../metrics/metrics.ts";
import { rollout } from "../access/rollout.ts";
import { broker, hub } from "../broker/broker.ts";
import { relaySession } from "./relay-session.ts";

/**
 * Relays the pending signals of the log. Without a broker it deletes the old ones: with streams, a process follows the
 * log, and deletes them, only while it has any.
 */
export async function drainSignals(): Promise<Drained | { readonly pruned: number }> {
  const target = broker();
  const open = relaySession();
  if (target === null || hub() !== null) return { pruned: await pruneLog({ open }) };
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
