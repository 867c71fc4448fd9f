import type { Broker } from "querycast/server";
import { createSseHub } from "querycast/transports/sse/server";
import { AppError } from "@/lib/app-error.ts";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { createSiteBroker, sealSecret } from "./broker-apps.ts";
import { createCheckApp } from "./check-app.ts";
import { database } from "./database.ts";
import { metrics } from "./metrics.ts";

/** What serves the streams of this process, or null where signals take another way. */
export const hub = () =>
  singleton("hub", () => {
    const { transport, querycastSecret } = env();
    if (transport !== "sse") return null;
    return createSseHub({
      secret: querycastSecret,
      onDropped: () => metrics().streamDropped(),
    });
  });

/** What signals are given to, or null where pages work by fetching alone. A broker comes with all its apps. */
export const broker = (): Broker | null =>
  hub() ??
  singleton("broker", () => {
    const settings = env().broker;
    if (settings === null) return null;
    return createSiteBroker(database(), {
      settings,
      secret: env().querycastSecret,
      onError: (error) => log.warn("apps of the broker", { error }),
    });
  });

/** What verbs about the broker's apps are handed beside their context. */
export const appKeeper = () => ({
  /** The app the environment names. */
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
 * Has the broker end a person's sockets; those of sessions that go on come back by themselves. What is
 * heard does not depend on it, so nobody waits for it and nothing fails with it.
 */
export function endConnections(userId: string): void {
  broker()
    ?.terminate(userId)
    .catch((error: unknown) => log.warn("sockets of an ended session", { error }));
}
