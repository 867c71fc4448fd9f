import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as schema from "@/db/schema.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
let db: ReturnType<typeof drizzle>;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  db = drizzle(site.owner);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from notifications`;
  await site.owner`delete from follows`;
});

const [rea, ann, ben] = [idOf("rea"), idOf("ann"), idOf("ben")];
const persist = (causeType: NotificationCause["causeType"], causeId: string) =>
  site.contexts.job((ctx) => persistNotification(ctx, { causeType, causeId }));
async function comment(values: Omit<typeof schema.comments.$inferInsert, "body">) {
  const id = randomUUID();
  await db.insert(schema.comments).values({ ...values, id, body: "Well said." });
  return id;
}
async function reaction(values: Omit<typeof schema.reactions.$inferInsert, "kind">) {
  const id = randomUUID();
  await db.insert(schema.reactions).values({ ...values, id, kind: "love" });
  return id;
}
const rows = () => db.select().from(schema.notifications);

/** Pages that ann alone may read. Others have commented on them while they were public. */
const pages = Object.entries({
  "a private gist": { gistId: idOf("private gist") },
  "a draft": { articleId: idOf("draft") },
  "a deleted article": { articleId: idOf("going") },
});

describe("a person who may no longer read a page is not notified", () => {
  test.each(pages)(
    "of a reply to their comment on %s, and followers who may are",
    async (_, page) => {
      const parentId = await comment({ ...page, authorId: ben });
      await db.insert(schema.follows).values({ ...page, userId: ann });
      await persist("comment", await comment({ ...page, authorId: rea, parentId }));
      expect(await rows()).toMatchObject([{ type: "comment_on_followed", recipientId: ann }]);
    },
  );

  test.each(pages)("of a reaction to their comment on %s", async (_, page) => {
    const commentId = await comment({ ...page, authorId: ben });
    await persist("reaction", await reaction({ commentId, userId: ann }));
    expect(await rows()).toEqual([]);
  });
});

test.each(pages)(
  "the author of %s is notified of what others have written there",
  async (_, page) => {
    const commentId = await comment({ ...page, authorId: ann });
    await persist("comment", await comment({ ...page, authorId: ben, parentId: commentId }));
    await persist("reaction", await reaction({ ...page, userId: ben }));
    await persist("reaction", await reaction({ commentId, userId: ben }));
    expect((await rows()).map(({ recipientId }) => recipientId)).toEqual([ann, ann, ann]);
  },
);

test("a comment notifies the author and each of 9,500 followers", async () => {
  const page = { articleId: idOf("article") };
  await site.owner`
    with followers as (
      insert into users (handle, name) select 'f-' || i, 'Follower' from generate_series(1, 9500) as i returning id)
    insert into follows (user_id, article_id) select id, ${page.articleId} from followers`;
  const causeId = await comment({ ...page, authorId: rea });
  // Without the time limit of a job: how long it takes depends on what runs beside it.
  const notified = await db.transaction((tx) =>
    persistNotification({ tx, publish: async () => {} }, { causeType: "comment", causeId }),
  );
  expect(notified).toHaveLength(9_501);
});
