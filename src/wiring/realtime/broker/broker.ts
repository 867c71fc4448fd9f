import type { Broker } from "querycast/server";
import { createSseHub } from "querycast/transports/sse/server";
import { env } from "@/lib/env.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "../../database.ts";
import { evidenceKeys } from "../../evidence.ts";
import { metrics } from "../../metrics/metrics.ts";
import { createEntityReads } from "../entities.ts";
import { signalLog } from "../relay/signal-log.ts";
import { createSiteBroker, sealSecret } from "./broker-apps.ts";
import { createCheckApp } from "./check-app.ts";

/** The hub of the streams of this process. Null with other transports. */
export const hub = () =>
  singleton("hub", () => {
    const { transport, querycastSecret } = env();
    if (transport !== "sse") return null;
    return createSseHub({
      secret: querycastSecret,
      entities: createEntityReads(database(), signalLog(), evidenceKeys()),
      onError: (error) => log.error("rows of an entity could not be read", { error }),
      onDropped: () => metrics().streamDropped(),
    });
  });

/** The broker that signals are published to, with all its apps. Null when pages work by fetching alone. */
export const broker = (): Broker | null =>
  hub() ??
  singleton("broker", () => {
    const settings = env().broker;
    if (settings === null) return null;
    return createSiteBroker(database(), {
      settings,
      secret: env().querycastSecret,
      onError: (error) => log.warn("broker apps could not be loaded", { error }),
    });
  });

/** Dependencies of the actions on broker apps. */
export const brokerAppServices = () => ({
  /** The app of the environment. */
  start: env().broker,
  /** Encrypts an app's secret for the database. */
  seal: (app: Parameters<typeof sealSecret>[0]) => sealSecret(app, env().querycastSecret),
  /** Publishes a test event with the app's key and secret. */
  check: async (appId: string) => {
    const { broker: settings, querycastSecret: secret } = env();
    if (settings === null) throw new AppError("conflict", "This site has no broker.");
    await createCheckApp(database(), { settings, secret })(appId);
  },
});

/**
 * Makes the broker close a person's sockets. Sessions that are still valid reconnect. Channel access does
 * not depend on it, so it is not awaited and an error is only logged.
 */
export function endConnections(userId: string): void {
  broker()
    ?.terminate(userId)
    .catch((error: unknown) =>
      log.warn("sockets of an ended session could not be closed", { error }),
    );
}
