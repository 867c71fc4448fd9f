import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { BrokerAppServices, KeysContext } from "@/features/admin/keys/broker-apps.ts";
import { makeCurrent } from "@/features/admin/keys/make-current.ts";
import type { Broker as BrokerSettings } from "@/lib/env/broker.ts";
import { createSiteBroker, sealSecret } from "@/wiring/realtime/broker/broker-apps.ts";
import { createCheckApp } from "@/wiring/realtime/broker/check-app.ts";
import { startOwnSoketi } from "../../support/broker/soketi.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";

/** The apps of `soketi.json`. */
interface App {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}
const config = JSON.parse(await readFile("soketi.json", "utf8")) as {
  readonly "appManager.array.apps": readonly [App, App];
};

/** A site with a broker of its own, whose apps change, which must not disturb other files. */
export async function createKeysRig() {
  const soketi = await startOwnSoketi();
  const { host, port } = soketi;
  const serverSecret = "a secret of at least 32 characters";
  const settings: BrokerSettings = {
    ...soketi,
    tls: false,
    public: { key: soketi.key, host, port, tls: false },
  };
  let site: SiteDatabase;
  const closeAfterEach: (() => unknown)[] = [];
  const closeAtEnd: (() => unknown)[] = [];
  const runAll = async (closers: (() => unknown)[]) => {
    for (const close of closers.splice(0).reverse()) await close();
  };

  beforeAll(async () => {
    site = await createSiteDatabase();
    await insertRows(site.ownerUrl);
    await site.owner`delete from phase_settings`;
    await site.owner`delete from channel_settings`;
  });
  afterEach(() => runAll(closeAfterEach));
  afterAll(async () => {
    await runAll(closeAtEnd);
    await site.close();
    await soketi.stop();
  });
  beforeEach(async () => {
    await site.owner`delete from broker_apps`;
  });

  const keeper: BrokerAppServices = {
    start: settings,
    seal: (app) => sealSecret(app, serverSecret),
    check: (appId) =>
      createCheckApp(site.database, { settings, secret: serverSecret, timeoutMs: 1_000 })(appId),
  };
  const as =
    (viewer: (typeof viewers)["kay" | "ann"]) =>
    <Input>(action: (ctx: KeysContext, input: Input) => Promise<void>, input: Input) =>
      site.contexts.write(viewer)((ctx) => action({ ...ctx, ...keeper }, input));
  const asAdmin = as(viewers.kay);

  return {
    soketi,
    settings,
    serverSecret,
    closeAfterEach,
    closeAtEnd,
    keeper,
    as,
    asAdmin,
    site: () => site,
    /** The second app of soketi.json. */
    second: config["appManager.array.apps"][1],
    /** A process of the site has its own broker object and reads the database. */
    newBroker: () => createSiteBroker(site.database, { settings, secret: serverSecret }),
    /** A new app cannot become current at once. */
    makeCurrentWhenServed: (id: string) =>
      vi.waitFor(() => asAdmin(makeCurrent, { id }), { timeout: 15_000, interval: 200 }),
  };
}
