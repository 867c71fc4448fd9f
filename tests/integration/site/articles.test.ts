import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getVersion } from "@/features/articles/read/get-version.ts";
import { listArticles } from "@/features/articles/read/list-articles.ts";
import { removeDueArticles } from "@/features/articles/write/remove-due-articles.ts";
import { getTag } from "@/features/tags/get-tag.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createArticleActions } from "./article-actions.ts";

const { ann, anonymous, ben, rea } = viewers;

let site: SiteDatabase;
const otherTag = randomUUID();
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`insert into tags (id, slug, name) values (${otherTag}, 'other', 'Other')`;
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

const { text, save, draft, publish, unpublish, remove, restore, published, feeds } =
  createArticleActions(() => site);
const profile = `profile.${idOf("ann")}`;
const tag = (id = idOf("tag")) => `tag.${id}`;

describe("a draft", () => {
  test("is saved with its tags, and only its author can read it", async () => {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    const { articleId: id, ...words } = input;
    expect(await draft(id)).toEqual({ id, version, ...words, status: "draft", deleteAt: null });
    expect(await draft(id, ben)).toBeNull();
    expect(await draft(id, anonymous)).toBeNull();
  });

  test("publishes a change to its author's tabs only", async () => {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    expect(await site.newSignals()).toEqual([]);
    await save({ ...input, title: "A better title", basedOn: version });
    expect(await site.newSignals()).toEqual([
      {
        channel: `resource.article.${input.articleId}`,
        name: "article.updated",
        ids: { articleId: input.articleId },
      },
    ]);
  });

  test("that was edited from an older version is a conflict and keeps the saved text", async () => {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    await save({ ...input, body: "Of the first tab", basedOn: version });
    await expect(
      save({ ...input, body: "Of the second tab", basedOn: version }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await draft(input.articleId)).toMatchObject({ body: "Of the first tab" });
  });

  test("accepts one of two concurrent saves of one version", async () => {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    const both = await Promise.allSettled(
      ["one", "two"].map((body) => save({ ...input, body, basedOn: version })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is saved once when the save is repeated after a lost response", async () => {
    const input = text();
    const first = await save({ ...input, basedOn: null });
    expect(await save({ ...input, basedOn: null })).toEqual(first);
    const second = await save({ ...input, body: "More", basedOn: first.version });
    expect(second.version > first.version).toBe(true);
    await site.newSignals();
    expect(await save({ ...input, body: "More", basedOn: first.version })).toEqual(second);
    expect(await site.newSignals()).toEqual([]);
  });

  test("with a slug that is taken, also by an unreadable draft, keeps its slug and its text", async () => {
    const theirs = text();
    await save({ ...theirs, tagIds: [], basedOn: null }, ben);
    const input = text();
    const made = await save({ ...input, slug: theirs.slug, basedOn: null });
    expect(made).toMatchObject({
      slug: `untitled-${input.articleId.slice(0, 8)}`,
      isSlugTaken: true,
    });
    const later = await save({ ...input, basedOn: made.version });
    expect(later).toMatchObject({ slug: input.slug, isSlugTaken: false });
    const again = await save({ ...input, slug: theirs.slug, body: "Kept", basedOn: later.version });
    expect(again).toMatchObject({ slug: input.slug, isSlugTaken: true });
    expect(await draft(input.articleId)).toMatchObject({ body: "Kept", slug: input.slug });
  });

  test("can be created only by authors, in their own name", async () => {
    const input = text();
    await expect(save({ ...input, basedOn: null }, rea)).rejects.toMatchObject({
      code: "forbidden",
    });
    const { version } = await save({ ...input, basedOn: null });
    await expect(save({ ...input, body: "x", basedOn: version }, ben)).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(save({ ...input, body: "x", basedOn: null }, ben)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("is published only with title and text, and in the version that its author has seen", async () => {
    const input = text();
    const { version } = await save({ ...input, title: "", body: " \n", basedOn: null });
    await expect(publish(input.articleId, version)).rejects.toMatchObject({
      code: "invalid_input",
      fieldErrors: { title: [expect.any(String)], body: [expect.any(String)] },
    });
    await save({ ...input, basedOn: version });
    await expect(publish(input.articleId, version)).rejects.toMatchObject({ code: "conflict" });
    expect(await draft(input.articleId)).toMatchObject({ status: "draft" });
  });
});

describe("the feeds of the author and of each tag receive one signal", () => {
  test("when an article is published, withdrawn, deleted and restored", async () => {
    const input = text();
    const { version } = await save({ ...input, basedOn: null });
    const steps = [
      () => publish(input.articleId, version),
      () => remove(input.articleId),
      () => restore(input.articleId),
      () => unpublish(input.articleId),
    ];
    for (const step of steps) {
      await step();
      expect(await feeds()).toEqual([profile, tag()]);
      await step(); // a repetition publishes no signal
      expect(await feeds()).toEqual([]);
    }
  });

  test("when a title or tags change, and none for changes that the feed does not show", async () => {
    const { input, version } = await published();
    const retitled = { ...input, title: "Another" };
    const second = await save({ ...retitled, basedOn: version });
    expect(await feeds()).toEqual([profile, tag()]);
    const retagged = { ...retitled, tagIds: [otherTag] };
    const third = await save({ ...retagged, basedOn: second.version });
    expect(await feeds()).toEqual([profile, tag(), tag(otherTag)].sort());
    await save({ ...retagged, body: "Texts", basedOn: third.version });
    expect(await feeds()).toEqual([]);
  });

  test("only for published articles, not for a deleted and restored draft", async () => {
    const input = text();
    await save({ ...input, basedOn: null });
    await remove(input.articleId);
    await restore(input.articleId);
    expect(await feeds()).toEqual([]);
  });
});

test("the home feed receives no signal: each one is on the channel of a page, a person or a tag", async () => {
  const { input, version } = await published();
  await save({ ...input, title: "Another", basedOn: version });
  await remove(input.articleId);
  await restore(input.articleId);
  await unpublish(input.articleId);
  const kinds = (await site.newSignals({ toAuthors: true })).map(({ channel }) =>
    channel.replace(/\..*/, ""),
  );
  expect(new Set(kinds)).toEqual(new Set(["user", "resource", "replying", "profile", "tag"]));
});

test("readers of an article receive a signal of a change, and read the current version", async () => {
  const { input, version } = await published();
  const read = () =>
    site.contexts.read(rea)((ctx) => getVersion(ctx, { articleId: input.articleId }));
  expect(await read()).toBe(version);
  const saved = await save({ ...input, body: "New", basedOn: version });
  expect((await site.newSignals()).map(({ name }) => name)).toEqual(["article.updated"]);
  expect(await read()).toBe(saved.version);
  await unpublish(input.articleId);
  await expect(read()).rejects.toMatchObject({ code: "not_found" });
});

describe("an article that is deleted", () => {
  const epoch = async (articleId: string) => {
    const [row] = await site.owner`
      select epoch from querycast.access_epochs where channel = ${`resource.article.${articleId}`}`;
    return Number(row?.epoch ?? 0);
  };
  const makeDue = (articleId: string) => site.owner`
    update articles set delete_at = now() - interval '1 second' where id = ${articleId}`;
  const isThere = async (articleId: string) =>
    (await site.owner`select from articles where id = ${articleId}`).length === 1;

  test("S3.9 becomes unreadable for readers at once, with a new wire name, and its author can restore it for seven days", async () => {
    const { input } = await published();
    const before = await epoch(input.articleId);
    await remove(input.articleId);
    expect(await epoch(input.articleId)).toBe(before + 1);
    await expect(
      site.contexts.read(rea)((ctx) => getVersion(ctx, { articleId: input.articleId })),
    ).rejects.toMatchObject({ code: "not_found" });
    const deleted = await draft(input.articleId);
    expect(deleted?.status).toBe("deleting");
    const [{ days } = { days: 0 }] = await site.owner<{ days: number }[]>`
      select extract(epoch from ${deleted?.deleteAt ?? null}::timestamptz - now()) / 86400 as days`;
    expect(Number(days)).toBeGreaterThan(6.9);
    expect(Number(days)).toBeLessThanOrEqual(7);
    await restore(input.articleId);
    expect(await draft(input.articleId)).toMatchObject({ status: "published", deleteAt: null });
  });

  test("is not counted by its tags, also for its author, as the pages of its tags do not list it", async () => {
    const { input } = await published();
    await save({
      ...input,
      tagIds: [otherTag],
      basedOn: (await draft(input.articleId))?.version ?? "",
    });
    const counts = async () => {
      const read = site.contexts.read(ann);
      const tag = await read((ctx) => getTag(ctx, { slug: "other" }));
      const { rows } = await read((ctx) => listArticles(ctx, { tagId: otherTag }));
      return [tag?.articleCount, rows.length];
    };
    const [before = 0] = await counts();
    expect(await counts()).toEqual([before, before]);
    await remove(input.articleId);
    expect(await counts()).toEqual([before - 1, before - 1]);
  });

  test("can be deleted and restored only by its author", async () => {
    const { input } = await published();
    await expect(remove(input.articleId, ben)).rejects.toMatchObject({ code: "not_found" });
    await expect(remove(input.articleId, rea)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("is removed by the job when it is due, with one signal to its author", async () => {
    const [due, later] = [(await published()).input, (await published()).input];
    await site.owner`
      insert into comments (article_id, author_id, body) values (${due.articleId}, ${idOf("rea")}, 'Ah.')`;
    await remove(due.articleId);
    await remove(later.articleId);
    expect(await removeDueArticles(site.contexts.job)).toBe(0);
    await makeDue(due.articleId);
    await site.newSignals();
    expect(await removeDueArticles(site.contexts.job)).toBe(1);
    expect([await isThere(due.articleId), await isThere(later.articleId)]).toEqual([false, true]);
    const told = await site.newSignals({ toAuthors: true });
    expect(told.filter(({ channel }) => channel.startsWith("user."))).toEqual([
      {
        channel: `user.${idOf("ann")}`,
        name: "article.deleted",
        ids: { articleId: due.articleId },
      },
    ]);
    expect(await removeDueArticles(site.contexts.job)).toBe(0);
  });

  test("that cannot be removed keeps no other from being removed", async () => {
    const [broken, other] = [(await published()).input, (await published()).input];
    for (const { articleId } of [broken, other]) {
      await remove(articleId);
      await makeDue(articleId);
    }
    await site.owner.unsafe(`
      create function public.refuse() returns trigger language plpgsql as $$
        begin raise exception 'This row is refused.'; end $$;
      create trigger refused before delete on articles for each row
        when (old.id = '${broken.articleId}') execute function public.refuse()`);
    await expect(removeDueArticles(site.contexts.job)).rejects.toThrow(
      "1 of 2 due articles were not removed.",
    );
    expect([await isThere(broken.articleId), await isThere(other.articleId)]).toEqual([
      true,
      false,
    ]);
    await site.owner.unsafe("drop trigger refused on articles; drop function public.refuse()");
    expect(await removeDueArticles(site.contexts.job)).toBe(1);
    expect(await isThere(broken.articleId)).toBe(false);
  });

  test("is removed once by two concurrent jobs, and not at all after it was restored", async () => {
    const [gone, kept] = [(await published()).input, (await published()).input];
    await remove(gone.articleId);
    await remove(kept.articleId);
    await makeDue(gone.articleId);
    await restore(kept.articleId);
    const counts = await Promise.all([1, 2].map(() => removeDueArticles(site.contexts.job)));
    expect(counts.sort()).toEqual([0, 1]);
    expect(await isThere(kept.articleId)).toBe(true);
  });
});
