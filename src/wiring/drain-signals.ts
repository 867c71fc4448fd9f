import { createRelayLog, type Drained, drain } from "querycast/server";
import { log } from "@/lib/log.ts";
import { broker, hub } from "./broker.ts";
import { metrics } from "./metrics.ts";
import { relaySession } from "./relay-session.ts";
import { rollout } from "./rollout.ts";

/** Relays what waits in the log; null where there is nothing to relay to. */
export async function drainSignals(): Promise<Drained | null> {
  const target = broker();
  // A stream is served by the process that has it, and none of them waits here.
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
