import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Viewer } from "@/db/viewer.ts";
import { countView, visitorOf } from "@/features/articles/count-view.ts";
import type { SaveArticleInput } from "@/features/articles/draft-schema.ts";
import { findDraft } from "@/features/articles/find-draft.ts";
import { getVersion } from "@/features/articles/get-version.ts";
import { publishArticle } from "@/features/articles/publish-article.ts";
import { removeDueArticles } from "@/features/articles/remove-due-articles.ts";
import { restoreArticle } from "@/features/articles/restore-article.ts";
import { saveArticle } from "@/features/articles/save-article.ts";
import { scheduleDeletion } from "@/features/articles/schedule-deletion.ts";
import { unpublishArticle } from "@/features/articles/unpublish-article.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { idOf, insertRows, viewers } from "./rls-rows.ts";

const { anonymous, ann, ben, rea } = viewers;
type Member = WriteContext["viewer"];

let site: SiteDatabase;
const otherTag = randomUUID();
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`insert into tags (id, slug, name) values (${otherTag}, 'other', 'Other')`;
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

const text = (): Omit<SaveArticleInput, "basedOn"> => {
  const articleId = randomUUID();
  return {
    ...{
      articleId,
      slug: `slug-${articleId}`,
      title: "A title",
      excerpt: "In short",
      body: "Text",
    },
    tagIds: [idOf("tag")],
  };
};
const save = (input: SaveArticleInput, viewer: Member = ann) =>
  site.contexts.write(viewer)((ctx) => saveArticle(ctx, input));
const draft = (articleId: string, viewer: Viewer = ann) =>
  site.contexts.read(viewer)((ctx) => findDraft(ctx, { articleId }));
const publish = (articleId: string, basedOn: string) =>
  site.contexts.write(ann)((ctx) => publishArticle(ctx, { articleId, basedOn }));
const unpublish = (articleId: string) =>
  site.contexts.write(ann)((ctx) => unpublishArticle(ctx, { articleId }));
const remove = (articleId: string, viewer: Member = ann) =>
  site.contexts.write(viewer)((ctx) => scheduleDeletion(ctx, { articleId }));
const restore = (articleId: string) =>
  site.contexts.write(ann)((ctx) => restoreArticle(ctx, { articleId }));

async function published() {
  const input = text();
  const { version } = await save({ ...input, basedOn: null });
  await publish(input.articleId, version);
  await site.newSignals();
  return { input, version };
}

/** Channels of the new signals, except for the channel of the page. */
const feeds = async () =>
  (await site.newSignals())
    .filter(({ name }) => name === "feed.changed")
    .map(({ channel }) => channel)
    .sort();
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
  expect(new Set(kinds)).toEqual(new Set(["user", "resource", "profile", "tag"]));
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
    expect(await site.contexts.job(removeDueArticles)).toBe(0);
    await makeDue(due.articleId);
    await site.newSignals();
    expect(await site.contexts.job(removeDueArticles)).toBe(1);
    expect([await isThere(due.articleId), await isThere(later.articleId)]).toEqual([false, true]);
    const told = await site.newSignals({ toAuthors: true });
    expect(told.filter(({ channel }) => channel.startsWith("user."))).toEqual([
      {
        channel: `user.${idOf("ann")}`,
        name: "article.deleted",
        ids: { articleId: due.articleId },
      },
    ]);
    expect(await site.contexts.job(removeDueArticles)).toBe(0);
  });

  test("is removed once by two concurrent jobs, and not at all after it was restored", async () => {
    const [gone, kept] = [(await published()).input, (await published()).input];
    await remove(gone.articleId);
    await remove(kept.articleId);
    await makeDue(gone.articleId);
    await restore(kept.articleId);
    const counts = await Promise.all([1, 2].map(() => site.contexts.job(removeDueArticles)));
    expect(counts.sort()).toEqual([0, 1]);
    expect(await isThere(kept.articleId)).toBe(true);
  });
});

describe("a view", () => {
  const secret = "a secret of at least 16 characters";
  const view = (articleId: string, viewer: (typeof viewers)[keyof typeof viewers], who: string) =>
    site.contexts.note(viewer)((ctx) =>
      countView(ctx, { articleId, visitor: visitorOf(who, { secret, now: new Date() }) }),
    );
  const views = async (articleId: string) => {
    const [row] = await site.owner<{ count: number }[]>`
      select count(*)::int from article_views where article_id = ${articleId}`;
    return row?.count;
  };
  const told = async () =>
    (await site.newSignals({ toAuthors: true })).filter(({ name }) => name === "article.viewed");

  test("is counted once per visitor and day, with one signal to the author", async () => {
    const { input } = await published();
    for (const who of ["rea", "rea", "a browser", "another browser", "rea"]) {
      await view(input.articleId, who === "rea" ? rea : anonymous, who);
    }
    expect(await views(input.articleId)).toBe(3);
    expect(await told()).toEqual(
      Array(3).fill({
        channel: `user.${idOf("ann")}`,
        name: "article.viewed",
        ids: { articleId: input.articleId },
      }),
    );
  });

  test("by the author, of a draft or of a deleted article is not counted", async () => {
    const { input } = await published();
    await view(input.articleId, ann, "ann");
    await remove(input.articleId);
    await view(input.articleId, rea, "rea");
    await view(idOf("draft"), ann, "ann");
    await view(idOf("draft"), rea, "rea");
    await view(randomUUID(), rea, "rea");
    expect(await views(input.articleId)).toBe(0);
    expect(await views(idOf("draft"))).toBe(0);
    expect(await told()).toEqual([]);
  });

  test("has a visitor hash that changes daily and cannot be computed without the secret", () => {
    const of = (who: string, day: string, key = secret) =>
      visitorOf(who, { secret: key, now: new Date(`${day}T12:00:00Z`) });
    const one = of("rea", "2026-01-01");
    expect(of("rea", "2026-01-01")).toBe(one);
    const others = [
      of("ann", "2026-01-01"),
      of("rea", "2026-01-02"),
      of("rea", "2026-01-01", "another secret of many"),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
    expect(one).not.toContain("rea");
  });
});
