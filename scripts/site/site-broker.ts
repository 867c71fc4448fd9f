import { demandPort, freePort, isPortFree, LOOPBACK } from "../parts/ports.ts";
import { portSetting, type Variables } from "../parts/settings.ts";
import { startSoketi } from "../parts/soketi/soketi.ts";
import { sendVacatedWebhooks } from "../parts/soketi/soketi-config.ts";
import type { SiteContext } from "./site-context.ts";

const SOKETI_PORT = 6001;

/**
 * Starts a Soketi that is restarted whenever it exits. Starts none when the environment configures a broker
 * or a transport that needs none.
 */
export async function createBroker(
  context: SiteContext,
  sitePort: number,
  pageOrigins: readonly string[],
): Promise<Variables> {
  const { given, say, closers } = context;
  if (given.TRANSPORT === "sse" || given.TRANSPORT === "pull") {
    say(`No broker: TRANSPORT is ${given.TRANSPORT}`);
    return {};
  }
  if (given.PUSHER_KEY || given.PUSHER_CLUSTER || given.SOKETI_HOST) {
    const hosted = given.PUSHER_CLUSTER && `hosted Pusher, cluster ${given.PUSHER_CLUSTER}`;
    say(`Broker: ${hosted || `the one at ${given.SOKETI_HOST ?? "127.0.0.1"}`}`);
    return {};
  }
  const wanted = portSetting(given, "SOKETI_PORT");
  if (wanted !== undefined) await demandPort(wanted, "Soketi", "SOKETI_PORT");
  const port = wanted ?? ((await isPortFree(SOKETI_PORT)) ? SOKETI_PORT : await freePort());
  say("Soketi");
  const soketi = await startSoketi({
    port,
    restart: true,
    say,
    allowedOrigins: pageOrigins,
    allow: given.SOKETI_ALLOW?.split(",").map((feature) => feature.trim()) ?? [],
    configure: sendVacatedWebhooks(`http://${LOOPBACK}:${sitePort}/api/broker/webhooks`),
  });
  closers.broker = soketi.stop;
  return {
    SOKETI_HOST: soketi.host,
    SOKETI_PORT: String(soketi.port),
    PUSHER_APP_ID: soketi.appId,
    PUSHER_KEY: soketi.key,
    PUSHER_SECRET: soketi.secret,
  };
}
