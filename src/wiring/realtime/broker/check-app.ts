import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { createPusherBroker } from "querycast/transports/pusher/server";
import type { Database } from "@/db/database.ts";
import { brokerApps } from "@/db/schema.ts";
import type { Broker as BrokerSettings } from "@/lib/env/broker.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { openSecret } from "./broker-apps.ts";

export interface CheckAppOptions {
  /** The app of the environment, and the address of the broker. */
  readonly settings: BrokerSettings;
  /** Decrypts the secrets of the other apps. */
  readonly secret: string;
  /** From the request to the last byte of the broker's answer. Default 3,000. */
  readonly timeoutMs?: number;
}

/** Publishes one test event with an app's key and secret. @throws {AppError} `conflict`, with the reason. */
export type CheckApp = (appId: string) => Promise<void>;

/**
 * Checks an app at the broker by a real publish. The event goes to a channel with a random name, to which
 * no page is subscribed; the answer's body decides, since brokers refuse with HTTP 200.
 */
export function createCheckApp(from: Database, options: CheckAppOptions): CheckApp {
  const { settings, secret, timeoutMs = 3_000 } = options;
  const { host, port, tls, path } = settings;
  return async (appId) => {
    const [row] = await from.asRelay((tx) =>
      tx.select().from(brokerApps).where(eq(brokerApps.id, appId)),
    );
    // The secret of the environment counts for the environment's own app, as when signals are published.
    const isStart = appId === settings.appId && (row === undefined || row.key === settings.key);
    if (row === undefined && !isStart) {
      throw new AppError("not_found", `App ${appId} does not exist. Add it first.`);
    }
    const app =
      row === undefined || isStart
        ? settings
        : { appId, key: row.key, secret: openSecret(row, secret) };
    const { key, secret: appSecret } = app;
    const broker = createPusherBroker({
      appId,
      key,
      secret: appSecret,
      host,
      port,
      tls,
      path,
      timeoutMs,
    });
    const event = { id: randomUUID(), name: "app.checked", ids: undefined, origin: undefined };
    await broker
      .publish([{ channel: `check.${randomUUID()}`, accessEpoch: 0, signal: event }])
      .catch((cause: unknown) => {
        throw new AppError("conflict", reasonOf(cause, appId, `${host}:${port}`), { cause });
      })
      .finally(broker.close);
  };
}

function reasonOf(error: unknown, appId: string, address: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "unauthorised":
      return `The broker refused the key or the secret of the app ${appId}. Retire the app, and add it again with the key and the secret that the broker shows.`;
    case "unknown_app":
      return `The broker knows no app ${appId}. Create it at the broker, or check its id.`;
    case "unreachable":
      return `The broker at ${address} is unreachable. Start it, then check the app again.`;
    case "timed_out":
      return `The broker at ${address} did not answer in time. Check the app again when it answers.`;
    case "rate_limited":
      return `The broker refused the test event: the app ${appId} is over its limit. Wait, then check the app again.`;
    default:
      return `The broker did not accept a test event of the app ${appId}: ${error instanceof Error ? error.message : "no reason given"}`;
  }
}
