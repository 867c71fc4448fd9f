import { randomUUID } from "node:crypto";
import { createPublisher, createSignalLog } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { correlationId, withCorrelation } from "@/lib/http/correlation.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { type Contexts, createContexts } from "@/wiring/create-contexts.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
let contexts: Contexts;
const told: { readonly correlation: string | undefined; readonly signals: readonly string[] }[] =
  [];
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  const { publish } = createPublisher({
    channels,
    log: createSignalLog({ sql: () => Promise.reject(new Error("outside of the transaction")) }),
  });
  contexts = createContexts({
    database: site.database,
    publish,
    jobWakeSignal: createWakeSignal(),
    onPublished: (signals) => told.push({ correlation: correlationId(), signals }),
  });
});
afterAll(() => site.close());
beforeEach(async () => {
  told.length = 0;
  await site.owner`delete from querycast.signals`;
});

const article = { resourceType: "article", resourceId: idOf("article") } as const;
const comment = (commentId: string = randomUUID()) =>
  contexts.write(viewers.rea)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId: null, body: "Well said." }),
  );
const rows = () =>
  site.owner<{ name: string; correlation: string | null }[]>`
    select name, correlation from querycast.signals order by position`;

test("N1 one correlation id connects a request, its signals, its job and the job's signal", async () => {
  const commentId = randomUUID();
  await withCorrelation("request-1", () => comment(commentId));
  const signals = [`resource.article.${article.resourceId} comment.created`];
  expect(told).toEqual([{ correlation: "request-1", signals }]);
  const written = await rows();
  // A trigger publishes the signal to the author.
  expect(written.length).toBeGreaterThan(1);
  expect(new Set(written.map(({ correlation }) => correlation))).toEqual(new Set(["request-1"]));

  const [job] = await site.owner<{ data: { correlation: string } }[]>`
    select data from job_requests where id = ${`notif:comment:${commentId}`}`;
  expect(job?.data.correlation).toBe("request-1");
  await withCorrelation(job?.data.correlation ?? "", () =>
    contexts.job((ctx) => persistNotification(ctx, { causeType: "comment", causeId: commentId })),
  );
  expect(await rows()).toContainEqual({ name: "notification.created", correlation: "request-1" });
  expect(told.map(({ correlation }) => correlation)).toEqual(["request-1", "request-1"]);
});

test("N1 a failed action is not logged as published, and later ones do not get its id", async () => {
  const failing = withCorrelation("request-2", () =>
    contexts.write(viewers.rea)(async (ctx) => {
      const input = { ...article, commentId: randomUUID(), parentId: null, body: "Well said." };
      await createComment(ctx, input);
      throw new Error("changed my mind");
    }),
  );
  await expect(failing).rejects.toThrow("changed my mind");
  expect(told).toEqual([]);
  await comment();
  expect((await rows()).every(({ correlation }) => correlation === null)).toBe(true);
});
