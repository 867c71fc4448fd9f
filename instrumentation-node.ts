import { boundRequests } from "@/lib/bound-requests.ts";
import { createEndProcess } from "@/lib/end-process.ts";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { hub } from "@/wiring/broker.ts";
import { database } from "@/wiring/database.ts";
import { jobBell, takeJobRequests } from "@/wiring/job-requests.ts";
import { metrics } from "@/wiring/metrics.ts";
import { relay } from "@/wiring/realtime.ts";
import { inngest } from "./inngest/client.ts";
import { startHandOver } from "./inngest/hand-over.ts";

/** Starts what a server process does besides answering: relaying signals, handing over jobs. */
export function startBackground(): void {
  singleton("background", () => {
    boundRequests();
    database(); // connects to nothing yet, and names what is wrong with the address
    relay()?.start();
    const handOver = startHandOver({
      take: (send) => takeJobRequests(database(), send),
      send: async (requests) => {
        await inngest.send(
          requests.map(({ id, name, data }) => ({ id, name, data: data as object })),
        );
        metrics().jobsHandedOver(requests.length);
      },
      bell: jobBell(),
      onError: (error, retryInMs) => {
        metrics().jobHandOverFailed();
        log.warn("jobs wait for the runner", { error, retryInMs });
      },
    });
    const end = createEndProcess({
      stopBackground: () => {
        // First: an answer that does not end would hold up the end of the process.
        hub()?.close();
        return Promise.all([relay()?.stop(), handOver.stop()]);
      },
      closePools: () => database().close(),
    });
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    return { end };
  });
}
