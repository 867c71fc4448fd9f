import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { comments } from "@/db/schema.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { listComments, pageBytes } from "@/features/comments/list-comments.ts";
import type { CommentPage, CommentWindow } from "@/features/comments/schema.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { rea, ben, ann, anonymous } = viewers;
const article = { resourceType: "article", resourceId: idOf("article") } as const;
const letters = 5000;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from comments where article_id = ${article.resourceId}`;
});

/** Top-level comments, or replies of one comment, one second apart, the last one `before` seconds ago. */
async function insert(count: number, body: string, parentId: string | null = null, before = 0) {
  const rows = await site.owner<{ id: string }[]>`
    insert into comments (article_id, parent_id, author_id, body, created_at)
    select ${article.resourceId}, ${parentId}, ${idOf("rea")}, ${body}, now() - make_interval(secs => ${count + before} - n)
    from generate_series(1, ${count}) n returning id`;
  return rows.map(({ id }) => id);
}
const read = (window?: CommentWindow): Promise<CommentPage> =>
  site.contexts.read(anonymous)((ctx) => listComments(ctx, article, window));
const bytesOf = (page: CommentPage) => Buffer.byteLength(JSON.stringify(page));
const idsOf = (page: CommentPage) => page.comments.map(({ id }) => id);

/** Maximum size of cursors and counts: two small numbers, and a cursor per branch. */
const mostBytes = pageBytes + 8 * 1024;

async function readAll(from: CommentWindow = {}): Promise<readonly CommentPage[]> {
  const pages = [await read(from)];
  for (let older = pages[0]?.older ?? null; older !== null; ) {
    const page = await read({ ...(from.branch && { branch: from.branch }), before: older });
    pages.push(page);
    older = page.older;
  }
  return pages;
}

test("each read of a thread of 2,000 comments of 5,000 letters is bounded, and its pages contain every comment once", async () => {
  const ids = await insert(2000, "x".repeat(letters));
  const pages = await readAll();
  for (const page of pages) {
    expect(bytesOf(page)).toBeLessThan(mostBytes);
    expect(page.total).toBe(2000);
  }
  expect(pages.toReversed().flatMap(idsOf)).toEqual(ids);
});

test("a page of a long thread takes less time than reading its texts", async () => {
  await insert(2000, "x".repeat(letters));
  const all = () =>
    site.contexts.read(anonymous)(async ({ tx }) => {
      const ofArticle = eq(comments.articleId, article.resourceId);
      return JSON.stringify(await tx.select().from(comments).where(ofArticle));
    });
  const page = async () => JSON.stringify(await read());
  const took = { all: [] as number[], page: [] as number[] };
  for (let round = 0; round < 5; round += 1) {
    for (const [name, run] of [["all", all] as const, ["page", page] as const]) {
      const startedMs = performance.now();
      await run();
      took[name].push(performance.now() - startedMs);
    }
  }
  expect(Math.min(...took.page)).toBeLessThan(Math.min(...took.all));
});

test("each read is bounded with 500 replies to one comment, in one chain, and with letters that need escapes", async () => {
  const [root = ""] = await insert(1, "The first.", null, 1000);
  const replies = await insert(500, "\u0001".repeat(letters), root);
  const thread = await read();
  expect(bytesOf(thread)).toBeLessThan(mostBytes);
  expect(thread.folded[root]).toBe(501 - thread.comments.length);
  const branch = await readAll({ branch: root });
  for (const page of branch) expect(bytesOf(page)).toBeLessThan(mostBytes);
  expect(branch.toReversed().flatMap((page) => idsOf(page).slice(1))).toEqual(replies);

  await site.owner`
    with ordered as (
      select id, lag(id) over (order by created_at, id) as above
      from comments where parent_id = ${root})
    update comments set parent_id = above from ordered
    where comments.id = ordered.id and above is not null`;
  const chain = await read();
  expect(bytesOf(chain)).toBeLessThan(mostBytes);
  expect(new Set(chain.comments.map(({ branchId }) => branchId))).toEqual(new Set([root]));
});

test("a link to a comment reads the page that contains it, at any depth and age", async () => {
  const roots = await insert(120, "A comment.");
  const [oldest = ""] = roots;
  const replies = await insert(60, "A reply.", oldest);
  for (const around of [oldest, replies[0] ?? "", replies[30] ?? "", roots[60] ?? ""]) {
    expect(idsOf(await read())).not.toContain(around);
    const page = await read({ around });
    expect(idsOf(page)).toContain(around);
    expect(page.newer).toBe(true);
  }
});

test("a page contains a new reply to one of its comments, however old they are", async () => {
  const [oldest = ""] = await insert(120, "A comment.");
  await insert(30, "A reply.", oldest);
  const commentId = randomUUID();
  await site.contexts.write(ben)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId: oldest, body: "A late reply." }),
  );
  for (const window of [{ around: oldest }, { branch: oldest }]) {
    expect(idsOf(await read(window))).toContain(commentId);
  }
});

test("S3.12 the total on every page counts the comments of the whole thread without tombstones", async () => {
  const roots = await insert(60, "A comment.");
  const [oldest = ""] = roots;
  await site.contexts.write(ben)((ctx) =>
    createComment(ctx, { ...article, commentId: randomUUID(), parentId: oldest, body: "A reply." }),
  );
  await site.contexts.write(rea)((ctx) => deleteComment(ctx, { commentId: oldest }));
  await site.contexts.write(rea)((ctx) => deleteComment(ctx, { commentId: roots.at(-1) ?? "" }));
  const pages = await readAll();
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.map(({ total }) => total)).toEqual(pages.map(() => 59));
  expect(pages.at(-1)?.comments[0]).toMatchObject({ id: oldest, author: null, body: "" });
});

test("comments with the same time are on one page each, in a stable order", async () => {
  await site.owner`
    insert into comments (article_id, author_id, body, created_at)
    select ${article.resourceId}, ${idOf("rea")}, 'At once.', '2026-01-01' from generate_series(1, 90)`;
  const ids = (await readAll()).toReversed().flatMap(idsOf);
  expect(ids).toEqual([...ids].sort());
  expect(ids).toHaveLength(90);
});

test("a page is refused to viewers who may not read the thread, and a forged cursor is refused", async () => {
  const draft = { resourceType: "article", resourceId: idOf("draft") } as const;
  const readDraft = (viewer: typeof ann | typeof ben, window: CommentWindow) =>
    site.contexts.read(viewer)((ctx) => listComments(ctx, draft, window));
  const around = idOf("comment on draft");
  expect(idsOf(await readDraft(ann, { around }))).toContain(around);
  for (const window of [{ around }, { branch: around }]) {
    await expect(readDraft(ben, window)).rejects.toMatchObject({ code: "not_found" });
    expect(idsOf(await read(window))).not.toContain(around);
  }
  await insert(1, "A comment.");
  await expect(read({ before: "forged" })).rejects.toMatchObject({ code: "invalid_input" });
});
