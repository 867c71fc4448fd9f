import type { Backlog } from "querycast/server";
import type { DeliveryFacts } from "@/wiring/context-types.ts";
import type { RelayStatus } from "./schema.ts";

/** A signal that waits longer than this is late; the same limit as in the health check. */
const lateMs = 10_000;

/**
 * The state of the relay, from facts of the database alone:
 *
 * - `none`: no process holds the lead.
 * - `blocked`: signals wait for longer than the limit, and the last attempts failed.
 * - `failing`: the last attempts failed; the relay retries.
 * - `behind`: signals wait for longer than the limit, without a failure.
 * - `healthy`: none of these.
 */
export function relayStatus(
  { pending, lagMs, isLed }: Pick<Backlog, "pending" | "lagMs" | "isLed">,
  { failures }: Pick<Extract<DeliveryFacts, { mode: "broker" }>, "failures">,
  limitMs = lateMs,
): RelayStatus {
  if (!isLed) return "none";
  const isLate = pending > 0 && lagMs > limitMs;
  if (failures > 0 && pending > 0) return isLate ? "blocked" : "failing";
  return isLate ? "behind" : "healthy";
}
