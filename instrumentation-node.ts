import { createEndProcess } from "@/lib/end-process.ts";
import { env } from "@/lib/env.ts";
import { boundRequests } from "@/lib/http/bound-requests.ts";
import { stampAddresses } from "@/lib/http/client-address.ts";
import { takeRequests } from "@/lib/http/take-requests.ts";
import { addTransportSecurity } from "@/lib/http/transport-security.ts";
import { acceptOddPaths } from "@/lib/logging/literal-percents.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "@/wiring/database.ts";
import { jobWakeSignal, takeJobRequests } from "@/wiring/job-requests.ts";
import { metrics } from "@/wiring/metrics/metrics.ts";
import { hub } from "@/wiring/realtime/broker/broker.ts";
import { ephemeral } from "@/wiring/realtime/ephemeral.ts";
import { relay } from "@/wiring/realtime/realtime.ts";
import { pageGate } from "@/wiring/routes/page-gate.ts";
import { inngest } from "./inngest/client.ts";
import { startHandOver } from "./inngest/hand-over.ts";

/** Starts what a server process does besides answering: relaying signals, handing over jobs. */
export function startBackground(): void {
  singleton("background", () => {
    database(); // connects to nothing yet, and names what is wrong with the address
    acceptOddPaths();
    if (env().auth.url.startsWith("https:")) addTransportSecurity();
    stampAddresses({
      trustedProxies: env().trustedProxies,
      onIgnored: () =>
        log.warn(
          "X-Forwarded-For is ignored: if a proxy of yours sends it, set TRUSTED_PROXIES to the number of proxies",
        ),
    });
    // biome-ignore lint/style/noProcessEnv: the bundler replaces it with the mode it builds for
    if (process.env.NODE_ENV === "production") takeRequests(pageGate());
    boundRequests(); // After the gate, so that it bounds the bodies which the gate waits for.
    relay()?.start();
    const handOver = startHandOver({
      take: (send) => takeJobRequests(database(), send),
      send: async (requests) => {
        await inngest.send(
          requests.map(({ id, name, data }) => ({ id, name, data: data as object })),
        );
        metrics().jobsHandedOver(requests.length);
      },
      wakeSignal: jobWakeSignal(),
      onError: (error, retryInMs) => {
        metrics().jobHandOverFailed();
        log.warn("jobs wait for the runner", { error, retryInMs });
      },
    });
    const end = createEndProcess({
      stopBackground: () => {
        // First: an answer that does not end would hold up the end of the process.
        hub()?.close();
        ephemeral().close();
        return Promise.all([relay()?.stop(), handOver.stop()]);
      },
      closePools: () => database().close(),
    });
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    return { end };
  });
}
