import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createArticleActions } from "./article-actions.ts";

const { ben } = viewers;
const article = { resourceType: "article", resourceId: idOf("article") } as const;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
const { text, save, draft } = createArticleActions(() => site);

const comment = (commentId: string, parentId: string | null) =>
  site.contexts.write(ben)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId, body: "Words" }),
  );
const refusalOf = (work: Promise<unknown>) =>
  work.catch(({ code, message }) => ({ code, message }));
const untilOneWaits = () =>
  vi.waitFor(async () => {
    const [row] = await site.owner`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    expect(row?.count).toBe(1);
  });

test("a reply to a comment that is being deleted waits, and is refused as a reply to a deleted one", async () => {
  const root = randomUUID();
  await comment(root, null);
  let reply: Promise<unknown> | undefined;
  await site.contexts.write(ben)(async (ctx) => {
    await deleteComment(ctx, { commentId: root });
    reply = refusalOf(comment(randomUUID(), root));
    await untilOneWaits();
  });
  expect(await reply).toEqual({
    code: "not_found",
    message: "The comment you reply to was deleted.",
  });
});

test("a comment on a page that is being deleted waits, and is refused as one on a page that does not exist", async () => {
  let refused: Promise<unknown> | undefined;
  await site.owner.begin(async (tx) => {
    await tx`delete from articles where id = ${article.resourceId}`;
    refused = refusalOf(comment(randomUUID(), null));
    await untilOneWaits();
  });
  expect(await refused).toEqual({
    code: "not_found",
    message: "This page does not exist, or you have no access to it.",
  });
});

test("of articles that are saved with one slug at the same moment one gets it, and every text is saved", async () => {
  const inputs = [1, 2, 3].map(() => ({ ...text(), slug: "wanted", basedOn: null }));
  const saved = await Promise.all(inputs.map((input) => save(input)));
  expect(saved.map(({ isSlugTaken }) => isSlugTaken).sort()).toEqual([false, true, true]);
  for (const { articleId } of inputs)
    expect(await draft(articleId)).toMatchObject({ body: "Text" });
});

test("a text with a tag that was removed is refused with the reason, which the editor does not retry", async () => {
  await expect(save({ ...text(), tagIds: [randomUUID()], basedOn: null })).rejects.toMatchObject({
    code: "invalid_input",
    fieldErrors: { tagIds: [expect.stringContaining("tag")] },
  });
});
