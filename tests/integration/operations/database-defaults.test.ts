import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createPublisher, createRelayLog, createSignalLog, type Sql } from "querycast/server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase } from "@/db/database.ts";
import { articles } from "@/db/schema.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { createContexts } from "@/wiring/create-contexts.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
let name: string;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  name = new URL(site.ownerUrl).pathname.slice(1);
});
afterAll(() => site?.close());

const page = channels.resource({ resourceType: "article", resourceId: idOf("article") });

test.each([
  ["timezone = 'Asia/Kolkata'"],
  ["datestyle = 'SQL, DMY'"],
  ["intervalstyle = 'sql_standard'"],
  ["bytea_output = 'escape'"],
  ["extra_float_digits = 0"],
  ["default_transaction_isolation = 'repeatable read'"],
  ["default_transaction_isolation = 'serializable'"],
  ["default_transaction_read_only = on"],
  ["standard_conforming_strings = off"],
  ["idle_session_timeout = '1s'"],
  ["client_encoding = 'LATIN1'"],
])(
  "with the database's default %s the site reads and writes, and the relay delivers",
  async (setting) => {
    await site.owner.unsafe(`alter database ${name} set ${setting}`);
    onTestFinished(async () => {
      await site.owner.unsafe(`alter database ${name} reset all`);
    });
    const database = createDatabase(site.appUrl, { maxConnections: 2 });
    onTestFinished(() => database.close());
    const readLog: Sql = (text, ...values) =>
      database.asRelay(async (tx) => toSql(tx)(text, ...values));
    const { publish } = createPublisher({ channels, log: createSignalLog({ sql: readLog }) });
    const contexts = createContexts({ database, publish, jobWakeSignal: createWakeSignal() });
    const session = await createRelayLog({
      open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }),
    }).open({ notified: () => {}, closed: () => {} });
    onTestFinished(() => session.close());
    const start = (await session.lead()) ?? "";

    const at = new Date("2026-02-03T04:05:06.789Z");
    const title = `Zażółć \\' 🙂 ${randomUUID()}`;
    const commentId = randomUUID();
    await contexts.write(viewers.ann)(async (ctx) => {
      await ctx.tx
        .update(articles)
        .set({ title, publishedAt: at })
        .where(eq(articles.id, idOf("article")));
      await ctx.publish(signal(page, "comment.created", { commentId }));
    });
    const [isolation, found] = await database.readAs(
      viewers.anonymous,
      async (tx) =>
        [
          await toSql(tx)<{ is: string }>`select current_setting('transaction_isolation') as is`,
          await tx
            .select()
            .from(articles)
            .where(eq(articles.id, idOf("article"))),
        ] as const,
    );
    expect(isolation).toEqual([{ is: "read committed" }]);
    expect(found).toEqual([expect.objectContaining({ title, publishedAt: at })]);
    const { deliveries } = await session.read(start);
    expect(JSON.stringify(deliveries)).toContain(commentId);
  },
);
