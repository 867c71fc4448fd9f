import { asc, sql } from "drizzle-orm";
import { brokerApps } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext, WriteContext } from "@/wiring/context-types.ts";
import type { AppStatus, BrokerAppView } from "./schema.ts";

/** An app with its unencrypted secret. */
export interface AppCredentials {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The app that the environment names, encryption of secrets, and the check of an app at the broker. */
export interface BrokerAppServices {
  readonly start: AppCredentials | null;
  readonly seal: (app: AppCredentials) => string;
  /** Publishes a test event as this app. @throws {AppError} `conflict` with the reason of the refusal. */
  readonly check: (appId: string) => Promise<void>;
}

export type KeysContext = WriteContext & BrokerAppServices;

/** All apps, including that of the environment when it has no row. */
export async function readApps(
  { tx }: Pick<ReadContext, "tx">,
  start: AppCredentials | null,
): Promise<readonly BrokerAppView[]> {
  const { id, key, status, updatedAt } = brokerApps;
  const rows = await tx
    .select({ id, key, status, updatedAt })
    .from(brokerApps)
    .orderBy(asc(brokerApps.createdAt), asc(id));
  const isStart = (row: { readonly id: string; readonly key: string }) =>
    row.id === start?.appId && row.key === start.key;
  const known = rows.map(({ updatedAt: since, ...row }) => ({
    ...row,
    isStart: isStart(row),
    since: since.toISOString(),
  }));
  if (start === null || known.some((app) => app.isStart)) return known;
  const isCurrent = known.every((app) => app.status !== "current");
  const own: BrokerAppView = {
    id: start.appId,
    key: start.key,
    status: isCurrent ? "current" : "accepted",
    isStart: true,
    since: null,
  };
  return [own, ...known];
}

/**
 * Locks the apps for a change, and gives each a row.
 *
 * @throws {AppError} `conflict` where no broker is configured.
 */
export async function holdApps(ctx: KeysContext): Promise<readonly BrokerAppView[]> {
  const { tx, start, seal } = ctx;
  if (start === null) {
    throw new AppError(
      "conflict",
      "This site has no broker. Set PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET.",
    );
  }
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('broker_apps'))`);
  const apps = await readApps(ctx, start);
  const own = apps.find((app) => app.isStart);
  if (own !== undefined && own.since === null) {
    const { id, key, status } = own;
    const other = apps.find((app) => app !== own && (app.id === id || app.key === key));
    if (other !== undefined) {
      throw new AppError(
        "conflict",
        `PUSHER_APP_ID is ${id} with the key ${key}, but the database has the app ${other.id} with the key ${other.key}. Set PUSHER_APP_ID and PUSHER_KEY to another app.`,
      );
    }
    // In the past, since it has been served from the start.
    const updatedAt = new Date(0);
    await tx.insert(brokerApps).values({ id, key, status, secret: seal(start), updatedAt });
  }
  return apps;
}

/** @throws {AppError} `not_found` */
export function findApp(apps: readonly BrokerAppView[], id: string): BrokerAppView {
  const app = apps.find((each) => each.id === id);
  if (app === undefined) throw new AppError("not_found", `App ${id} does not exist. Add it first.`);
  return app;
}

/** Sets the state of an app. The actions check which changes are allowed. */
export async function setStatus({ tx }: WriteContext, id: string, status: AppStatus) {
  await tx
    .update(brokerApps)
    .set({ status, updatedAt: sql`now()` })
    .where(sql`${brokerApps.id} = ${id}`);
}
