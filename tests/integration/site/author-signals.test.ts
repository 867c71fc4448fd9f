import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows } from "../../support/rows/rls-rows.ts";

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

test("every change of an article publishes a signal to its author, for any actor", async () => {
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

test("one statement publishes one signal per article to its author", async () => {
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

test("new and removed comments and reactions publish a signal to the author", async () => {
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
  // The comment, and its reply, deleted by cascade.
  expect(new Set(names.slice(4))).toEqual(new Set(["article.discussed"]));
});

test("reactions to gists and comments publish no signal to an author of articles", async () => {
  await site.owner`
    insert into comments (gist_id, author_id, body) values (${idOf("gist")}, ${idOf("rea")}, 'Hm.')`;
  await site.owner`
    insert into reactions (user_id, kind, comment_id) values (${idOf("ben")}, 'love', ${idOf("comment")})`;
  expect(await told()).toEqual([]);
});

test("a removed article removes its dependent rows with one signal", async () => {
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

test("a change that is rolled back publishes no signal", async () => {
  const failing = site.owner.begin(async (tx) => {
    await tx`update articles set title = 'U' where id = ${idOf("article")}`;
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await told()).toEqual([]);
});
