import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { announce } from "@/features/admin/announcements/announce.ts";
import { announceInput } from "@/features/admin/announcements/schema.ts";
import { banUser } from "@/features/admin/people/ban-user.ts";
import { banUserInput } from "@/features/admin/people/schema.ts";
import { saveArticleInput } from "@/features/articles/write/draft-schema.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { createGistInput } from "@/features/gists/schema.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { ann, kay, rea } = viewers;
/** The first half of an emoji, as a script that cuts a text leaves it. */
const half = "\ud83d";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());

test("an act of an admin whose text has half of a character is recorded in the audit log", async () => {
  const ban = banUserInput.parse({ userId: rea.userId, reason: `Spam ${half}` });
  await site.contexts.write(kay)((ctx) => banUser(ctx, ban));
  const notice = announceInput.parse({ text: `Soon ${half}`, minutes: 5 });
  await site.contexts.write(kay)((ctx) => announce(ctx, notice));
  const noted = await site.owner`
    select detail->>'reason' as reason, detail->>'text' as text from audit_log
    where action in ('user.banned', 'announcement.made') order by id`;
  expect(noted).toMatchObject([{ reason: "Spam \ufffd" }, { text: "Soon \ufffd" }]);
});

test("a text with half of a character that is saved again after a lost response is no conflict", async () => {
  const input = saveArticleInput.parse({
    articleId: randomUUID(),
    basedOn: null,
    title: "A title",
    excerpt: "",
    body: `Words ${half}`,
    slug: "",
    tagIds: [],
  });
  const save = () => site.contexts.write(ann)((ctx) => saveArticle(ctx, input));
  expect(await save()).toEqual(await save());
});

test("two file names that are stored alike are refused beside the second", () => {
  const file = (filename: string) => ({ filename, content: "x" });
  const { error } = createGistInput.safeParse({
    gistId: randomUUID(),
    title: "A gist",
    description: "",
    isPrivate: false,
    files: [file(`a${half}`), file("a\ud83e")],
  });
  expect(error?.issues).toMatchObject([{ path: ["files", 1, "filename"] }]);
});
