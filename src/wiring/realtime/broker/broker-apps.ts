import { type BrokerApp, type BrokerGroup, createBrokerGroup } from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";
import type { Database } from "@/db/database.ts";
import { brokerApps } from "@/db/schema.ts";
import type { Broker as BrokerSettings } from "@/lib/env/broker.ts";
import { type SealOptions, seal, unseal } from "@/lib/sealed.ts";

export interface SiteBrokerOptions {
  /** The app of the environment, and the address of the broker. All apps are at one broker. */
  readonly settings: BrokerSettings;
  /** Decrypts the secrets of the other apps. */
  readonly secret: string;
  readonly onError?: (error: unknown) => void;
}

type Row = typeof brokerApps.$inferSelect;
type Credentials = Pick<BrokerSettings, "appId" | "key" | "secret">;

/**
 * Creates the broker with all apps that admins have added. The app of the environment is current until an
 * admin makes another one current, and is served until a row marks it as retired.
 */
export function createSiteBroker(from: Database, options: SiteBrokerOptions): BrokerGroup {
  const { settings, secret, onError } = options;
  const { host, port, tls, path } = settings;
  // One object per app, since it holds the app's queue and connections.
  const known = new Map<string, BrokerApp>();
  const toApp = ({ appId, key, secret: appSecret }: Credentials): BrokerApp => {
    const name = JSON.stringify([appId, key, appSecret]);
    const broker = () =>
      createPusherBroker({ appId, key, secret: appSecret, host, port, tls, path });
    const app = known.get(name) ?? { key, broker: broker() };
    known.set(name, app);
    return app;
  };
  const start = toApp(settings);

  const isStart = ({ id, key }: Row) => id === settings.appId && key === settings.key;
  /** For its own app, the environment overrides the row. */
  const fromRow = (row: Row) =>
    isStart(row) ? start : toApp({ appId: row.id, key: row.key, secret: openSecret(row, secret) });

  return createBrokerGroup({
    start: [start],
    read: async () => {
      const rows = await from.asRelay((tx) => tx.select().from(brokerApps));
      const current = rows.find(({ status }) => status === "current");
      const accepted = rows.filter(({ status }) => status === "accepted").map(fromRow);
      const others = rows.some(isStart) ? accepted : [...accepted, start];
      const first = current === undefined ? start : fromRow(current);
      return [first, ...others.filter((app) => app !== first)];
    },
    onError,
  });
}

const placeOf = (id: string, key: string, secret: string): SealOptions => ({
  secret,
  purpose: "secrets of broker apps",
  context: JSON.stringify([id, key]),
});

/** Encrypts an app's secret for the database. */
export function sealSecret({ appId, key, secret }: Credentials, serverSecret: string): string {
  return seal(secret, placeOf(appId, key, serverSecret));
}

/** @throws {Error} when the secret was encrypted with another QUERYCAST_SECRET. */
export function openSecret({ id, key, secret }: Row, serverSecret: string): string {
  const opened = unseal(secret, placeOf(id, key, serverSecret));
  if (opened !== null) return opened;
  throw new Error(
    `The secret of the broker app ${id} cannot be decrypted: QUERYCAST_SECRET has changed since the app was added. Retire the app, and add another.`,
  );
}
