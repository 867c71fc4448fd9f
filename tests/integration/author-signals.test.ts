import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { idOf, insertRows } from "./rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(() => told());

const told = async () =>
  (await site.newSignals({ toAuthors: true })).filter(({ channel }) => channel.startsWith("user."));
const toAuthor = (name: string, article: string, author = "ann") => ({
  channel: `user.${idOf(author)}`,
  name: `article.${name}`,
  ids: { articleId: idOf(article) },
});
const comment = (id: string, article: string, parentId: string | null = null) => site.owner`
  insert into comments (id, article_id, parent_id, author_id, body)
  values (${id}, ${idOf(article)}, ${parentId}, ${idOf("rea")}, 'Well said.')`;
const react = (article: string, user: string) => site.owner`
  insert into reactions (user_id, kind, article_id) values (${idOf(user)}, 'love', ${idOf(article)})`;

test("S3.14 whatever changes an article tells its author, whoever does it", async () => {
  const id = randomUUID();
  await site.owner`
    insert into articles (id, slug, title, body, author_id) values (${id}, ${id}, 'T', 'B', ${idOf("ann")})`;
  await site.owner`update articles set title = 'U' where id = ${id}`;
  await site.owner`delete from articles where id = ${id}`;
  expect(await told()).toEqual(
    ["created", "updated", "deleted"].map((what) => ({
      ...toAuthor(what, "any"),
      ids: { articleId: id },
    })),
  );
});

test("S3.14 one statement tells each author of each of their articles, once", async () => {
  await site.owner`update articles set title = title where slug in ('article', 'article of ben')
    or id in (${idOf("article")}, ${idOf("article of ben")})`;
  const signals = await told();
  expect(signals).toHaveLength(2);
  expect(signals).toEqual(
    expect.arrayContaining([
      toAuthor("updated", "article"),
      toAuthor("updated", "article of ben", "ben"),
    ]),
  );
});

test("S3.14 comments and reactions tell the author when they come and when they go", async () => {
  const id = randomUUID();
  await comment(id, "article");
  await comment(randomUUID(), "article", id);
  await react("article", "ben");
  await site.owner`delete from reactions where user_id = ${idOf("ben")} and kind = 'love'`;
  await site.owner`delete from comments where id = ${id}`;
  const names = (await told()).map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual([
    ...["article.discussed", "article.discussed"],
    ...["article.reacted-to", "article.reacted-to"],
  ]);
  // The comment, and the answer that goes with it by cascade.
  expect(new Set(names.slice(4))).toEqual(new Set(["article.discussed"]));
});

test("S3.14 what is said about a gist, or about a comment, tells no author of an article", async () => {
  await site.owner`
    insert into comments (gist_id, author_id, body) values (${idOf("gist")}, ${idOf("rea")}, 'Hm.')`;
  await site.owner`
    insert into reactions (user_id, kind, comment_id) values (${idOf("ben")}, 'love', ${idOf("comment")})`;
  expect(await told()).toEqual([]);
});

test("S3.14 an article that goes takes with it what hung on it, with one signal of its own", async () => {
  const id = randomUUID();
  await site.owner`
    insert into articles (id, slug, title, body, author_id) values (${id}, ${id}, 'T', 'B', ${idOf("ann")})`;
  await site.owner`
    insert into comments (article_id, author_id, body) values (${id}, ${idOf("rea")}, 'Well said.')`;
  await site.owner`insert into reactions (user_id, kind, article_id) values (${idOf("ben")}, 'love', ${id})`;
  await site.owner`insert into article_views (article_id, visitor) values (${id}, 'a visitor of today')`;
  await told();
  await site.owner`delete from articles where id = ${id}`;
  expect(await told()).toEqual([{ ...toAuthor("deleted", "any"), ids: { articleId: id } }]);
});

test("S3.14 nothing is told of a change that is rolled back", async () => {
  const failing = site.owner.begin(async (tx) => {
    await tx`update articles set title = 'U' where id = ${idOf("article")}`;
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await told()).toEqual([]);
});
