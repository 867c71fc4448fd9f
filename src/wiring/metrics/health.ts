import { sql } from "drizzle-orm";
import type { Broker as BrokerSettings } from "@/lib/env/broker.ts";
import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "../database.ts";
import { relay, relayAgeMs } from "../realtime/realtime.ts";
import { createReadiness, type Readiness } from "./health-report.ts";

const deadlineMs = 2_000;

/** The readiness of this process; see {@link createReadiness}. */
export const readiness = (): Promise<Readiness> =>
  singleton("readiness", () => {
    const { broker } = env();
    return createReadiness({
      database: () => database().asRelay((tx) => tx.execute(sql`select`)),
      broker: broker === null ? null : () => askBroker(broker),
      relay: () => relay()?.health() ?? null,
      relayAgeMs: broker === null ? null : relayAgeMs,
      deadlineMs,
    });
  })();

/**
 * Resolves when the broker's HTTP API responds. The request is not signed, so a refusal is expected; only a
 * 5xx status counts as an error.
 */
export async function askBroker(broker: BrokerSettings): Promise<void> {
  const { appId, host, port, tls, path = "" } = broker;
  const address = `${tls ? "https" : "http"}://${host}:${port}${path}/apps/${appId}/channels`;
  const response = await fetch(address, {
    redirect: "manual",
    signal: AbortSignal.timeout(deadlineMs),
  });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`The broker answered ${response.status}.`);
}
