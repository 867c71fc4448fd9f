import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { users } from "@/db/schema.ts";
import { getAccount } from "@/features/account/get-account.ts";
import { listAudit } from "@/features/admin/audit/list-audit.ts";
import { auditFilter } from "@/features/admin/audit/schema.ts";
import { changeRole } from "@/features/admin/people/change-role.ts";
import type { Role } from "@/features/admin/people/schema.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { rea, ann, ben, kay } = viewers;
const article = { resourceType: "article", resourceId: idOf("article") } as const;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from user_bans`;
  await site.owner`update users set role = 'admin' where id = ${kay.userId}`;
  await site.owner`update users set role = 'reader' where id = ${rea.userId}`;
  await site.owner`update users set role = 'author' where id in (${ann.userId}, ${ben.userId})`;
  await site.newSignals();
});

type Person = (typeof viewers)["rea" | "ann" | "ben" | "kay"];
const change = (admin: Person | { userId: string; role: Role }, userId: string, role: Role) =>
  site.contexts.write(admin)((ctx) => changeRole(ctx, { userId, role }));
const roleOf = async (viewer: Person) => (await site.contexts.read(viewer)(getAccount))?.role;
const audit = async (action: string) =>
  (await site.contexts.read(kay)((ctx) => listAudit(ctx, auditFilter.parse({ action })))).rows;

test("a role change by an admin is in the audit log once, and the person's open pages receive a signal", async () => {
  await change(kay, rea.userId, "author");
  await change(kay, rea.userId, "author");
  expect(await roleOf(rea)).toBe("author");
  expect(await site.newSignals()).toEqual([
    { channel: `user.${rea.userId}`, name: "role.changed", ids: null },
  ]);
  expect(await audit("user.role-changed")).toEqual([
    expect.objectContaining({
      subject: `user ${rea.userId}`,
      detail: { from: "reader", to: "author" },
    }),
  ]);
});

test("removing a role changes the wire name of every channel the person joined", async () => {
  const channel = `resource.article.${article.resourceId}`;
  await site.owner`insert into channel_joins (channel, user_id) values (${channel}, ${ann.userId})
    on conflict do nothing`;
  await change(kay, ann.userId, "reader");
  const told = (await site.newSignals()).map((signal) => `${signal.channel} ${signal.name}`);
  expect(told).toContain(`${channel} querycast.moved`);
  expect(told).toContain(`user.${ann.userId} querycast.moved`);
  expect(told.at(-1)).toBe(`user.${ann.userId} role.changed`);
});

test("the database refuses a role change by anyone who is not an admin now, for any request", async () => {
  await expect(change(ann, rea.userId, "admin")).rejects.toMatchObject({ code: "forbidden" });
  // The request began with the admin role, which was removed since.
  const former = { userId: ann.userId, role: "admin" } as const;
  await expect(change(former, rea.userId, "admin")).rejects.toMatchObject({
    cause: { code: "42501" },
  });
  const direct = site.database.writeAs(kay, (tx) =>
    tx.update(users).set({ role: "admin" }).where(sql`true`),
  );
  await expect(direct).rejects.toMatchObject({ cause: { code: "42501" } });
  expect(await Promise.all([rea, ann, ben].map(roleOf))).toEqual(["reader", "author", "author"]);
  await expect(change(kay, randomUUID(), "author")).rejects.toMatchObject({ code: "not_found" });
});

test("a site keeps one admin: of two who demote each other concurrently, one stays", async () => {
  await expect(change(kay, kay.userId, "reader")).rejects.toMatchObject({ code: "conflict" });
  await change(kay, ann.userId, "admin");
  await site.owner`insert into user_bans (user_id, reason) values (${ann.userId}, 'away')`;
  await expect(change(kay, kay.userId, "reader")).rejects.toMatchObject({ code: "conflict" });
  await site.owner`delete from user_bans`;
  const admin = { userId: ann.userId, role: "admin" } as const;
  const settled = await Promise.allSettled([
    change(kay, ann.userId, "reader"),
    change(admin, kay.userId, "reader"),
  ]);
  expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const left = await site.owner`select id from users where role = 'admin'`;
  expect(left).toHaveLength(1);
  await expect(site.owner`update users set role = 'reader'`).rejects.toMatchObject({
    code: "23001",
  });
});

/** Written by a reader on Ann's article. Kay is neither of them. */
async function write(viewer: Person, parentId: string | null = null): Promise<string> {
  const commentId = randomUUID();
  await site.contexts.write(viewer)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId, body: "Buy my book" }),
  );
  return commentId;
}
const remove = (viewer: Person, commentId: string, reason?: string) =>
  site.contexts.write(viewer)((ctx) =>
    deleteComment(ctx, { commentId, ...(reason !== undefined && { reason }) }),
  );
const find = async (commentId: string) =>
  (await site.contexts.read(kay)((ctx) => listComments(ctx, article))).comments.find(
    ({ id }) => id === commentId,
  );

test("removing a comment as an admin with a reason creates one signal and one audit entry, and keeps replies", async () => {
  const [alone, answered] = [await write(rea), await write(rea)];
  const reply = await write(ben, answered);
  await site.newSignals();
  await remove(kay, alone, "Advertising");
  await remove(kay, alone, "Advertising");
  await remove(kay, answered);
  expect(await find(alone)).toBeUndefined();
  expect(await find(answered)).toMatchObject({ author: null, body: "" });
  expect(await find(reply)).toMatchObject({ parentId: answered });
  const deleted = (await site.newSignals()).filter(({ name }) => name === "comment.deleted");
  expect(deleted.map(({ ids }) => ids)).toEqual([{ commentId: alone }, { commentId: answered }]);
  const about = { authorId: rea.userId, articleId: article.resourceId, gistId: null };
  expect(await audit("comment.removed")).toEqual([
    expect.objectContaining({
      actor: { id: kay.userId, name: "kay" },
      subject: `comment ${answered}`,
      detail: { ...about, reason: "" },
    }),
    expect.objectContaining({
      subject: `comment ${alone}`,
      detail: { ...about, reason: "Advertising" },
    }),
  ]);
});

test("only the author, the page's owner and an admin can remove a comment; only removals by an admin are audited", async () => {
  const before = (await audit("comment.removed")).length;
  const [one, other] = [await write(rea), await write(rea)];
  await remove(ben, one);
  expect(await find(one)).toBeDefined();
  await remove(rea, one);
  await remove(ann, other);
  expect([await find(one), await find(other)]).toEqual([undefined, undefined]);
  // An admin may not read a private page, so its comments are out of reach.
  const hidden = randomUUID();
  await site.owner`insert into comments (id, gist_id, author_id, body)
    values (${hidden}, ${idOf("private gist")}, ${ann.userId}, 'Mine')`;
  await remove(kay, hidden);
  expect(await site.owner`select id from comments where id = ${hidden}`).toHaveLength(1);
  expect((await audit("comment.removed")).length).toBe(before);
});
